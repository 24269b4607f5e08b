#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Read Debian's archive; sourced by scripts/fetch and scripts/kernels.
#
# apt verifies what it downloads against the signed Release files. It works on a
# private copy of the system's Debian sources and on private lists: the set-up of
# the system stays as it is.
#
# Whoever sources it has set:
#   deps      build/deps, absolute
#   packages  where packages are kept, absolute
#   manifest  file below packages that names those of one list, with their sums
#   want      hash of that list
# shellcheck disable=SC2154 # those

# shellcheck source=/dev/null
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
host_arch=$(dpkg --print-architecture)
apt=$deps/apt-${0##*/}

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

# A manifest line: sha256, size, file, kind, package. Its first line names the
# list of packages that it was made for.
manifest_lines()	# kind
{
	awk -v kind="$1" '$1 != "#" && $4 == kind' "$manifest"
}

cache_complete()
{
	[ -f "$manifest" ] || return 1
	[ "$(head -n 1 "$manifest")" = "# $want $host_arch" ] || return 1
	awk '$1 != "#" { print $1 "  " $3 }' "$manifest" |
		(cd "$packages" && sha256sum --check --quiet --strict -)
}

# Take the system's Debian entries only: suites of this release, component
# main, and always the key of the Debian archive, so that nothing else can
# be verified even if it looks like Debian.
apt_sources()
{
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -f "$keyring" ] ||
		die "$keyring is missing; install debian-archive-keyring"
	[ "$codename" = bookworm ] ||
		die "needs Debian 12 (bookworm), this is '${codename:-unknown}'"

	for file in /etc/apt/sources.list.d/*.sources; do
		[ -f "$file" ] || continue
		# A paragraph to a line: URI, suites, components.
		awk 'BEGIN { RS = ""; FS = "\n" }
		{
			uri = suites = comps = ""; deb = 0; on = 1
			for (i = 1; i <= NF; i++) {
				key = tolower($i); sub(/:.*/, "", key)
				value = $i; sub(/^[^:]*:[ \t]*/, "", value)
				if (key == "types" && value ~ /(^| )deb( |$)/)
					deb = 1
				if (key == "uris") { split(value, u, " "); uri = u[1] }
				if (key == "suites") suites = value
				if (key == "components") comps = value
				if (key == "enabled" && value == "no") on = 0
			}
			if (deb && on && uri != "")
				print uri "|" suites "|" comps
		}' "$file"
	done
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -f "$file" ] || continue
		sed -n -e 's/#.*//' -e 's/\[[^]]*\]//' \
			-e 's/^deb[[:space:]]\+//p' "$file" |
			awk 'NF >= 3 {
				comps = $3
				for (i = 4; i <= NF; i++)
					comps = comps " " $i
				print $1 "|" $2 "|" comps
			}'
	done
}

debian_sources()	# suite...
{
	while IFS='|' read -r uri suites comps; do
		case " $comps " in *" main "*) ;; *) continue ;; esac
		case "${uri%/}" in
		*/debian | */debian-security | */debian-archive/*) ;;
		*) continue ;;
		esac
		# Backports are where the release is, also if the system wants none.
		case " $suites " in
		*" $codename "*) suites="$suites $codename-backports" ;;
		esac
		for suite in $suites; do
			case " $* " in
			*" $suite "*) echo "deb $uri $suite" ;;
			esac
		done
	done <"$apt/found" | sort -u
}

# From now on apt-get and apt-cache are about these suites.
apt_open()	# suite...
{
	rm -rf "$apt"
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" \
		"$apt/sources.d"
	apt_sources >"$apt/found"
	debian_sources "$@" | while read -r _ uri suite; do
		printf 'Types: deb deb-src\nURIs: %s\nSuites: %s\n' "$uri" "$suite"
		printf 'Components: main\nSigned-By: %s\n\n' "$keyring"
	done >"$apt/sources.d/debian.sources"
	[ -s "$apt/sources.d/debian.sources" ] ||
		die "found no Debian archive in /etc/apt/sources.list*"

	# The device is arm64; only the kernel's build tools run on this machine.
	cat >"$apt/apt.conf" <<-EOF
	Dir::Etc::sourcelist "/dev/null";
	Dir::Etc::sourceparts "$apt/sources.d";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Dir::State::lists "$apt/lists";
	Dir::State::status "/dev/null";
	Dir::State::extended_states "$apt/extended_states";
	Dir::Cache "$apt/cache";
	Dir::Cache::pkgcache "pkgcache.bin";
	Dir::Cache::srcpkgcache "srcpkgcache.bin";
	APT::Architecture "arm64";
	#clear APT::Architectures;
	APT::Architectures { "arm64"; "$host_arch"; };
	APT::Install-Recommends "false";
	APT::Sandbox::User "root";
	#clear APT::Update::Post-Invoke-Success;
	Acquire::Languages "none";
	Acquire::GzipIndexes "false";
	Acquire::Retries "3";
	EOF
	export APT_CONFIG="$apt/apt.conf"
}

# Read the lists; fails with what apt says.
apt_update()
{
	echo "${0##*/}: reading the package lists of Debian"
	apt-get -qq -o APT::Update::Error-Mode=any update
}

# Turn apt's list of URIs into lines of the manifest.
manifest_add()	# kind
{
	sed -n "s/^'[^']*' \([^ ]*\) \([0-9]*\) SHA256:\([0-9a-f]*\)\$/\3 \2 \1/p" \
		"$apt/out" |
		awk -v kind="$1" '{ n = $3; sub(/_.*/, "", n)
			print $0, kind, n }' >>"$manifest.new"
}

# Print the missing packages of the new manifest; throw damaged files away.
missing()	# 0: binary packages, 1: source packages
{
	while read -r sum size file kind name; do
		[ "$sum" != '#' ] || continue
		case $kind in source) [ "$1" -eq 1 ] ;; *) [ "$1" -eq 0 ] ;; esac ||
			continue
		if [ -f "$file" ]; then
			echo "$sum  $file" | sha256sum --check --status - &&
				continue
			echo "${0##*/}: $file is damaged or old, fetching it again" >&2
			rm "$file"
		fi
		echo "${0##*/}: $file ($((size / 1024)) KiB)" >&2
		version=${file#*_}
		arch=${version##*_}
		case $arch in
		"$host_arch.deb") name=$name:$host_arch ;;
		esac
		if [ "$1" -eq 1 ]; then
			echo "$name"
		else
			echo "$name=${version%_*}" | sed 's/%3a/:/'
		fi
	done <"$manifest.new"
}

# Add binary packages, as apt names them.
manifest_add_debs()	# kind name...
{
	kind=$1
	shift
	apt-get -qq download --print-uris "$@" >"$apt/out"
	[ "$(wc -l <"$apt/out")" -eq $# ] ||
		die "apt does not know where to get all of $*"
	manifest_add "$kind"
}

# Get what of the new manifest is not there, in the present directory.
download_debs()
{
	names=$(missing 0)
	# shellcheck disable=SC2086 # a list of words
	[ -z "$names" ] || apt-get -qq download $names ||
		die "could not download all packages"
}

# Debian's headers of a kernel name /usr/src and one exact compiler.
headers_mend()	# directory
{
	# shellcheck disable=SC2016 # for make to expand
	sed -i 's,/usr/src/,$(dir $(realpath $(lastword $(MAKEFILE_LIST))))../,' \
		"$1/Makefile"
	# shellcheck disable=SC2016
	sed -i 's,^CC = .*,CC = $(CROSS_COMPILE)gcc,' "$1/.kernelvariables"
}
