# SPDX-License-Identifier: BSD-3-Clause
"""The reference: upstream's own build of the same QEMU, natively, from the same tarball."""
import json
import os
import re
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TARGET = 'qemu-system-x86_64'

# Every device of upstream's default configuration and the accelerators we offer; what is left out has no
# host here (audio, displays, networks' helpers) or belongs to QEMU's tools. Virtfs wants libattr1-dev of the host, though not here.
FEATURES = '''
--disable-download --without-default-features --target-list=x86_64-softmmu --enable-system --enable-tcg --enable-xen
--disable-kvm --enable-fdt=system --enable-pixman --enable-vnc --disable-pie --extra-ldflags=-no-pie --disable-werror
--enable-virtfs --enable-attr
--disable-plugins --disable-docs --disable-tools --disable-guest-agent --disable-install-blobs
--disable-stack-protector --disable-debug-info --enable-trace-backends=nop --with-coroutine=sigaltstack
--audio-drv-list= --enable-vdi --enable-vmdk --enable-vpc --enable-vhdx --enable-qcow1 --enable-qed
--enable-parallels --enable-bochs --enable-cloop
'''.split()

# What `make bench` compares with is nearer to the product on KVM: no Xen, raw and qcow2 alone, debugging information.
BENCH_FEATURES = [f.replace('--enable-xen', '--disable-xen').replace('--disable-debug-info', '--enable-debug-info') for f in FEATURES
                  if f.replace('--enable-', '') not in 'vdi vmdk vpc vhdx qcow1 qed parallels bochs cloop virtfs attr'.split()]

# Newer than Debian 12 has; both are pure Python and run there.
PYTHON_DEBS = ['meson', 'python3-pycotap']
SUITE = 'trixie'


def run(command, **kw):
    """subprocess.run that fails loudly."""
    return subprocess.run(command, check=True, text=True, **kw)


def apt_root(folder):
    """A private apt root beside the system's own, for a newer suite. Returns the environment that uses it."""
    repos = run(['apt-get', 'indextargets', '--format', '$(REPO_URI)'], capture_output=True).stdout.split()
    repo = next((r for r in repos if r.rstrip('/').endswith('/debian')), None)
    if not repo:
        raise SystemExit('port: no Debian archive in the apt configuration; next: set one up')
    for sub in ('lists/partial', 'cache/archives/partial'):
        os.makedirs(os.path.join(folder, sub), exist_ok=True)
    with open(os.path.join(folder, 'sources.list'), 'w', encoding='utf-8') as f:
        f.write(f'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {repo} {SUITE} main\n')
    config = os.path.join(folder, 'apt.conf')
    with open(config, 'w', encoding='utf-8') as f:
        f.write(f'Dir::Etc::sourcelist "{folder}/sources.list";\nDir::Etc::sourceparts "-";\n'
                f'Dir::State::Lists "{folder}/lists";\nDir::Cache "{folder}/cache";\n'
                'APT::Sandbox::User "";\nAcquire::Languages "none";\n')
    return dict(os.environ, APT_CONFIG=config)


def python_tools(folder):
    """A folder for PYTHONPATH with a recent meson."""
    tools = os.path.join(folder, 'tools')
    path = os.path.join(tools, 'usr/lib/python3/dist-packages')
    if not os.path.isdir(os.path.join(path, 'mesonbuild')):
        env = apt_root(os.path.join(folder, 'apt'))
        run(['apt-get', 'update', '-qq'], env=env)
        for name in PYTHON_DEBS:
            run(['apt-get', 'download', '-qq', f'{name}/{SUITE}'], env=env, cwd=folder)
        for name in os.listdir(folder):
            if name.endswith('.deb'):
                run(['dpkg-deb', '-x', os.path.join(folder, name), tools])
    return path


def tarball_of(config, downloads):
    """The archive of the QEMU that an image with the configuration file @config has; fetched if it was not."""
    with open(config, encoding='utf-8') as f:
        line = re.search(r'^CONFIG_LIBQEMU_(\d+)_(\d+)=y$', f.read(), re.M)
    make = ['make', '-s', '-C', TOP, '-f', 'mk/source-all.mk', f'UK_LINE=libqemu/{line[1]}.{line[2]}', line[0], f'DL={downloads}']
    run([*make, 'source-libqemu'], stdout=subprocess.DEVNULL)
    return os.path.join(downloads, json.loads(run([*make, 'info-libqemu'], capture_output=True).stdout)['archive'])


def extract(tarball, folder):
    """Unpack what the native build reads; returns the tree."""
    os.makedirs(folder, exist_ok=True)
    run(['tar', '-xf', tarball, '-C', folder, '--exclude=*/roms/*', '--exclude=*/tests/tcg/*/*'])
    tree = os.path.join(folder, next(n for n in os.listdir(folder) if n.startswith('qemu-')))
    os.makedirs(os.path.join(tree, 'tests/tcg/plugins'), exist_ok=True)
    run(['tar', '-xf', tarball, '-C', folder, os.path.basename(tree) + '/tests/tcg/plugins'])
    # Debian takes prebuilt firmware out of the tarball; meson only wants the names.
    with open(os.path.join(tree, 'pc-bios/meson.build'), encoding='utf-8') as f:
        words = f.read().replace("'", ' ').split()
    for word in words:
        if word.startswith('edk2-') and word.endswith('.fd'):
            open(os.path.join(tree, 'pc-bios', word + '.bz2'), 'ab').close()
    return tree


def environment(folder):
    """For configure and ninja: the system's programs, and the Python tools."""
    return dict(os.environ, PATH='/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL='C', PYTHONPATH=python_tools(folder))


def configure(tarball, folder, features):
    """Unpack and configure; returns the tree and the build folder."""
    folder = os.path.abspath(folder)
    os.makedirs(folder, exist_ok=True)
    env = environment(folder)
    tree = extract(os.path.abspath(tarball), os.path.join(folder, 'src'))
    out = os.path.join(folder, 'build')
    os.makedirs(out, exist_ok=True)
    run([os.path.join(tree, 'configure'), '--python=/usr/bin/python3', *features], cwd=out, env=env)
    return tree, out


def build(tarball, folder, features=None):
    """Configure, record meson's rules if the features are the lists', build. Leaves cpu-seconds in the build folder."""
    tree, out = configure(tarball, folder, features or FEATURES)
    env = environment(os.path.abspath(folder))
    if not features:
        rules(tree, out, env)
    before, began = os.times(), time.monotonic()
    run(['ninja', TARGET], cwd=out, env=env)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    print(f'reference: {cpu:.0f} s of CPU, {time.monotonic() - began:.0f} s of time')
    with open(os.path.join(out, 'cpu-seconds'), 'w', encoding='ascii') as f:
        f.write(f'{cpu:.1f}\n')


def rules(tree, out, env):
    """Let meson configure once more, with its source-set rules written to rules.json."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'mesonrules.py')
    run([os.path.join(out, 'pyvenv/bin/python3'), script, os.path.join(out, 'rules.json'), 'setup', '--reconfigure', out, tree],
        cwd=out, env=env, stdout=sys.stderr)
