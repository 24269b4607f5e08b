#compdef switchctl
# SPDX-License-Identifier: GPL-2.0-or-later
# zsh completion for switchctl

_switchctl_slots()
{
	local -a names
	names=(${(f)"$(switchctl list 2>/dev/null |
		sed -e 1d -e 's/^[* ] *[0-9]* *//' -e 's/ .*//')"})
	compadd -a names
}

_switchctl_targets()
{
	_switchctl_slots
	compadd next menu
}

_switchctl()
{
	local context state state_descr line curcontext=$curcontext
	typeset -A opt_args
	local -a common=(
		'(- *)'{-h,--help}'[show help]'
		'--json[print JSON]'
		"--socket=[switchd's socket]:socket:_files"
	)
	local rate='rate (bytes in a second, like 500K or 2M)'
	local slot='1:slot:_switchctl_slots'
	local -a args=()
	local -a commands=(
		'list:show the slots of this device'
		'status:show this slot, switches and inhibitor locks'
		'switch:switch to another slot'
		'hibernate:save a slot to the store disk'
		'poweroff:save all slots, then switch the device off'
		'images:show the images of the slots'
		"verify:check all of a slot's stored image"
		"drop:give a slot's stored image up for good"
		'mark-good:say that this start was good'
		'boot-image:install a new boot image for this slot'
		'firmware:install a new firmware for the device'
		"recovery-key:show a slot's key, to keep on paper"
		"disk-key:write the key of this slot's disk"
		'inhibit:run a program with no switch meanwhile'
		'log:show the event log of the switch monitor'
		'stats:show how long the last switches took'
		'backup:copy a slot to the repository'
		'backups:show the backups of the repository'
		'restore:bring a backup of a slot in'
		'verify-backup:check a backup'
		'forget:give a backup up'
		'prune:forget old backups and what they alone need'
		'push:move a slot to the repository'
		'pull:bring a slot in that was pushed'
		'backup-cancel:end the transfer that is under way'
		'repo:make the repository, look at it, check it'
		'version:show the versions'
	)

	_arguments -C $common '(- *)'{-V,--version}'[show the version]' \
		'1:command:->command' '*::argument:->argument' && return
	case $state in
	command)
		_describe command commands
		return
		;;
	esac
	case $words[1] in
	switch) args=('--force[also to one that was pushed from here]' '1:slot:_switchctl_targets') ;;
	hibernate | verify | drop | backups) args=($slot) ;;
	mark-good) args=('--keep-older[do not refuse older versions from now on]') ;;
	boot-image) args=("--exchange=[the exchange disk]:disk:_files" '1:what:(install list)' '2:file:_files') ;;
	firmware) args=("--exchange=[the exchange disk]:disk:_files" '1:what:(install)' '2:file:_files') ;;
	recovery-key) args=('--text[as text]' '--qr[as QR code]' '--yes[do not ask first]' "--device=[the monitor's device]:device:_files") ;;
	disk-key) args=("--device=[the monitor's device]:device:_files") ;;
	inhibit) args=('--who=[who forbids it]:who: ' '--why=[why]:why: ' '*::program:_normal') ;;
	log) args=('(-f --follow)'{-f,--follow}'[wait for more]' '--verify[check digests and chain]') ;;
	stats) args=('(-n --count)'{-n,--count=}'[the last N records]:number: ' '--svg[draw the hot ones as a picture in SVG]') ;;
	backup) args=("--limit-upload=[no faster than]:$rate: " $slot) ;;
	push) args=('--force[although it lives elsewhere]' "--limit-upload=[no faster than]:$rate: " $slot) ;;
	restore) args=('--from=[which one]:backup: ' "--limit-download=[no faster than]:$rate: " $slot) ;;
	pull) args=('--force[although it lives elsewhere]' "--limit-download=[no faster than]:$rate: " $slot) ;;
	verify-backup) args=('--read-data[read all of it]' "--limit-download=[no faster than]:$rate: " $slot '2:backup: ') ;;
	forget) args=($slot '2:backup: ') ;;
	prune) args=('--keep-last=[keep the newest]:number: ' '--keep-daily=[of each day]:number: '
		'--keep-weekly=[of each week]:number: ' '--keep-monthly=[of each month]:number: '
		'--dry-run[only say what would be done]' $slot) ;;
	repo) args=('--read-data[read all packs, too]' '1:what:(init info check)') ;;
	esac
	_arguments $common $args
}

_switchctl "$@"
