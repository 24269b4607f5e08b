# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for switchctl

_switchctl()
{
	local cur prev words cword command i
	_init_completion -s || return

	command=
	for ((i = 1; i < cword; i++)); do
		case ${words[i]} in
		--socket) ((i++)) ;;
		-*) ;;
		*)
			command=${words[i]}
			break
			;;
		esac
	done
	# The program that inhibit runs completes like any other command line.
	if [[ $command == inhibit ]]; then
		for ((i++; i < cword; i++)); do
			case ${words[i]} in
			--) ((i++)); break ;;
			--who | --why | --socket) ((i++)) ;;
			-*) ;;
			*) break ;;
			esac
		done
		if ((i <= cword)) && [[ $cur != -* || ${words[i - 1]} == -- ]]; then
			_command_offset "$i"
			return
		fi
	fi
	case $prev in
	--socket | --device | --exchange)
		_filedir
		return
		;;
	--who | --why | -n | --count | --from | --limit-* | --keep-*)
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		local options='--help --json --socket='
		case $command in
		'') options+=' --version' ;;
		inhibit) options+=' --who= --why=' ;;
		mark-good) options+=' --keep-older' ;;
		boot-image | firmware) options+=' --exchange=' ;;
		disk-key) options+=' --device=' ;;
		recovery-key) options+=' --device= --qr --text --yes' ;;
		log) options+=' --follow --verify' ;;
		stats) options+=' --count= --svg' ;;
		switch) options+=' --force' ;;
		backup) options+=' --limit-upload=' ;;
		push) options+=' --force --limit-upload=' ;;
		restore) options+=' --from= --limit-download=' ;;
		pull) options+=' --force --limit-download=' ;;
		verify-backup) options+=' --read-data --limit-download=' ;;
		prune) options+=' --keep-last= --keep-daily= --keep-weekly= --keep-monthly= --dry-run' ;;
		repo) options+=' --read-data' ;;
		esac
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		return
	fi
	case $command in
	'')
		mapfile -t COMPREPLY < <(compgen -W \
			'list status switch hibernate poweroff images verify drop
			mark-good boot-image firmware recovery-key disk-key backup backups restore
			verify-backup forget prune push pull backup-cancel repo
			inhibit log stats version' -- "$cur")
		;;
	boot-image)
		if [[ $prev == install ]]; then
			_filedir
		else
			mapfile -t COMPREPLY < <(compgen -W 'install list' -- "$cur")
		fi
		;;
	firmware)
		if [[ $prev == install ]]; then
			_filedir
		else
			mapfile -t COMPREPLY < <(compgen -W 'install' -- "$cur")
		fi
		;;
	repo)
		mapfile -t COMPREPLY < <(compgen -W 'init info check' -- "$cur")
		;;
	switch | hibernate | verify | drop | backup | backups | restore | \
		verify-backup | forget | prune | push | pull)
		local names
		names=$(switchctl list 2>/dev/null |
			sed -e 1d -e 's/^[* ] *[0-9]* *//' -e 's/ .*//')
		[[ $command == switch ]] && names+=' next menu'
		mapfile -t COMPREPLY < <(compgen -W "$names" -- "$cur")
		;;
	esac
} &&
	complete -F _switchctl switchctl
