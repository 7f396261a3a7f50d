// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands. What configuration says is in lib/config_standby.c. */
#include "lib/event.h"
#include "vpnhactl/ctl.h"

static const struct grammar_node show_standby_end_words[] = {
	KEYWORD("brief", "A line for each group", .arg = ARG_BRIEF, .flags = GRAMMAR_STOP),
	KEYWORD("detail", "With packet counters", .arg = ARG_DETAIL, .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node show_standby_group_words[] = {
	NUMBER(ARG_GROUP, 0, VPNHA_GROUP_MAX, "Group number", .flags = GRAMMAR_STOP,
	       .next = show_standby_end_words),
	INCLUDE(show_standby_end_words),
	END
};

static const struct grammar_node show_standby_words[] = {
	INCLUDE(show_standby_end_words),
	IFNAME(ARG_IFNAME, "Groups of this interface only", .flags = GRAMMAR_STOP,
	       .next = show_standby_group_words),
	END
};

static const struct grammar_node show_track_words[] = {
	NUMBER(ARG_ID, 1, UINT32_MAX - 1, "Tracked object", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node show_words[] = {
	KEYWORD("running-config", "Current configuration", .flags = GRAMMAR_STOP,
		.exec = exec_show_running_config),
	KEYWORD("standby", "HSRP information", .flags = GRAMMAR_STOP,
		.next = show_standby_words, .exec = exec_show_standby),
	KEYWORD("track", "Tracked objects", .flags = GRAMMAR_STOP, .next = show_track_words,
		.exec = exec_show_track),
	KEYWORD("version", "Version of the tool and of the kernel module", .flags = GRAMMAR_STOP,
		.exec = exec_show_version),
	END
};

static const struct grammar_node debug_standby_words[] = {
	KEYWORD("errors", "HSRP errors", .arg = ARG_KIND, .id = EVENT_CLASS_ERRORS,
		.flags = GRAMMAR_STOP),
	KEYWORD("events", "HSRP events", .arg = ARG_KIND, .id = EVENT_CLASS_EVENTS,
		.flags = GRAMMAR_STOP),
	KEYWORD("packets", "HSRP packets", .arg = ARG_KIND, .id = EVENT_CLASS_PACKETS,
		.flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node debug_words[] = {
	KEYWORD("standby", "HSRP, all of it or one kind of events", .flags = GRAMMAR_STOP,
		.next = debug_standby_words, .exec = exec_debug),
	END
};

static const struct grammar_node load_after_words[] = {
	KEYWORD("--allow-missing", "Accept interfaces that do not exist yet",
		.arg = ARG_ALLOW_MISSING, .flags = GRAMMAR_STOP, .next = load_after_words),
	KEYWORD("--dry-run", "Only print what would change", .arg = ARG_DRY_RUN,
		.flags = GRAMMAR_STOP, .next = load_after_words),
	END
};

static const struct grammar_node load_words[] = {
	KEYWORD("--allow-missing", "Accept interfaces that do not exist yet",
		.arg = ARG_ALLOW_MISSING, .next = load_words),
	KEYWORD("--dry-run", "Only print what would change", .arg = ARG_DRY_RUN,
		.next = load_words),
	FILENAME(ARG_FILE, "Configuration, - for the standard input", .flags = GRAMMAR_STOP,
		 .next = load_after_words),
	END
};

static const struct grammar_node check_words[] = {
	FILENAME(ARG_FILE, "Configuration, - for the standard input", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node copy_to_words[] = {
	KEYWORD("startup-config", "To " CTL_STARTUP_CONFIG, .flags = GRAMMAR_STOP),
	FILENAME(ARG_FILE, "To this file", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node copy_words[] = {
	KEYWORD("running-config", "Copy the current configuration", .next = copy_to_words,
		.exec = exec_copy),
	END
};

static const struct grammar_node write_words[] = {
	KEYWORD("memory", "Write to " CTL_STARTUP_CONFIG, .flags = GRAMMAR_STOP),
	KEYWORD("terminal", "Write to the terminal", .flags = GRAMMAR_STOP,
		.exec = exec_show_running_config),
	END
};

static const struct grammar_node configure_shell_words[] = {
	KEYWORD("terminal", "Configure from the terminal", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node configure_words[] = {
	INCLUDE(configure_shell_words),
	REST(ARG_REST, "Lines of configuration, each one argument"),
	END
};

const struct grammar_node exec_words[] = {
	KEYWORD("check", "Check a configuration file", .next = check_words, .exec = exec_check),
	KEYWORD("copy", "Copy the configuration", .next = copy_words),
	KEYWORD("debug", "Follow events until interrupted", .next = debug_words),
	KEYWORD("load", "Replace the configuration by that of a file", .next = load_words,
		.exec = exec_load),
	KEYWORD("show", "Show information", .next = show_words),
	KEYWORD("write", "Write the current configuration to a file", .flags = GRAMMAR_STOP,
		.next = write_words, .exec = exec_write),
	KEYWORD("help", "Describe the help system", .flags = GRAMMAR_STOP, .exec = exec_help),
	END
};

/* The words of the program's command line. */
const struct grammar_node oneshot_words[] = {
	INCLUDE(exec_words),
	KEYWORD("configure", "Carry out lines of configuration", .flags = GRAMMAR_STOP,
		.next = configure_words, .exec = exec_configure),
	INCLUDE(config_oneshot_words),
	END
};

const struct grammar_node shell_words[] = {
	INCLUDE(exec_words),
	KEYWORD("configure", "Enter configuration mode", .flags = GRAMMAR_STOP,
		.next = configure_shell_words, .exec = exec_configure),
	KEYWORD("end", "Stay in exec mode", .flags = GRAMMAR_STOP | GRAMMAR_HIDDEN,
		.exec = exec_end),
	KEYWORD("exit", "Leave the shell", .flags = GRAMMAR_STOP, .exec = exec_exit),
	KEYWORD("quit", "Leave the shell", .flags = GRAMMAR_STOP, .exec = exec_exit),
	END
};

static const struct grammar_node shell_config_common_words[] = {
	KEYWORD("do", "Carry out a command of exec mode", .next = exec_words),
	KEYWORD("end", "Leave configuration mode", .flags = GRAMMAR_STOP, .exec = exec_end),
	KEYWORD("exit", "Leave the current mode", .flags = GRAMMAR_STOP, .exec = exec_exit),
	KEYWORD("help", "Describe the help system", .flags = GRAMMAR_STOP, .exec = exec_help),
	END
};

const struct grammar_node shell_config_words[] = {
	INCLUDE(shell_config_common_words),
	INCLUDE(config_global_words),
	END
};

const struct grammar_node shell_config_interface_words[] = {
	INCLUDE(shell_config_common_words),
	INCLUDE(config_interface_words),
	END
};

/**
 * ctl_words() - The words that may begin a command.
 * @ctl: run
 */
const struct grammar_node *ctl_words(const struct ctl *ctl)
{
	if (!ctl->shell)
		return oneshot_words;
	switch (ctl->mode) {
	case CTL_CONFIG:
		return shell_config_words;
	case CTL_CONFIG_INTERFACE:
		return shell_config_interface_words;
	default:
		return shell_words;
	}
}
