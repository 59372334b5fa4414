# SPDX-License-Identifier: BSD-3-Clause
#
# From the compiler's list of included files to the prerequisites make needs. Left out: files in
# unpacked trees (their name is their content), the compiler's own headers (the flags file holds its
# identity), and config.h, for which the options that the text mentions stand in (scan=1).
# At the end, as a remark ('#: ...'), the sources: the compiled file and what it includes that is not a header, wherever they are.
# Input: a .d file. Variables: obj, cwd, o (output folder), cfg (build folder), cc (compiler's headers).

function mention(line, name) {
	while (match(line, /CONFIG_[A-Za-z0-9_]+/)) {
		name = substr(line, RSTART + 7, RLENGTH - 7)
		line = substr(line, RSTART + RLENGTH)
		if (!(name in option)) {
			option[name] = 1
			order[++count] = name
		}
	}
}

function scanfile(file, line) {
	while ((getline line <file) > 0)
		if (index(line, "CONFIG_"))
			mention(line)
	close(file)
}

# Names are relative to the folder where the compiler ran, or made so by a compiler cache (ccache's base_dir).
function absolute(file, folder) {
	for (; index(file, "../") == 1; file = substr(file, 4))
		sub(/\/[^\/]*$/, "", folder)
	return folder "/" file
}

BEGIN {
	printf "%s:", obj
}

{
	for (i = 1; i <= NF; i++) {
		f = $i
		if (f == "\\" || f ~ /:$/)
			continue
		if (f !~ /^\//)
			f = absolute(f, cwd)
		if (f in seen)
			continue
		seen[f] = 1
		if (f !~ /\.h$/)
			sources = sources " " f
		if (index(f, o "/src/") == 1 || index(f, cc "/") == 1 || f ~ /^\/usr\//)
			continue
		if (f == cfg "/include/uk/config.h")
			continue
		if (scan)
			scanfile(f)
		printf " %s", f
	}
}

END {
	for (i = 1; i <= count; i++) {
		f = cfg "/config/" order[i]
		# No such option yet: an empty file, older than the object, that the config stage fills later.
		if ((getline line <f) < 0)
			system("touch -d @0 '" f "'")
		close(f)
		printf " %s", f
	}
	printf "\n#:%s\n", sources
}
