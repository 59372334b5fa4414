# SPDX-License-Identifier: BSD-3-Clause
"""Sizes of images."""
import os

from . import PRODUCT, image, row


def measure():
    """Print the rows."""
    product = image(PRODUCT)
    row('product, stripped image, MB', os.path.getsize(product) / 1e6, 12, 'the budget; the earlier attempt')
    row('product, gzipped, MB', os.path.getsize(product + '.gz') / 1e6, 4, 'the budget')
    size = os.path.getsize(image('helloworld')) / 1e6
    row('helloworld, stripped image, MB', size, 0.3, 'the budget')
    row('', size, 1.0, 'a comparable unikernel with musl, as published')
