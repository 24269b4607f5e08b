# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who logs in at the display gets the desktop. Its end (Ctrl+Alt+Backspace) is that of
# the session; if it fails, a shell is left.

if [ "${XDG_VTNR:-}" = 1 ] && [ "$(id -u)" -ge 1000 ] && [ -e /dev/dri/card0 ]; then
	unset DISPLAY WAYLAND_DISPLAY
	if weston --log="$XDG_RUNTIME_DIR/weston.log" >/dev/null 2>&1; then
		exit
	fi
	echo "The desktop has failed; $XDG_RUNTIME_DIR/weston.log says more."
fi
