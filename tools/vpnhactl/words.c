// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands. What configuration says is in lib/config_*.c. */
#include "lib/event.h"
#include "lib/show_crypto.h"
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
	KEYWORD("delay", "How long interfaces wait", .arg = ARG_DELAY, .flags = GRAMMAR_STOP),
	IFNAME(ARG_IFNAME, "Groups of this interface only", .flags = GRAMMAR_STOP,
	       .next = show_standby_group_words),
	END
};

static const struct grammar_node show_track_words[] = {
	NUMBER(ARG_ID, 1, UINT32_MAX - 1, "Tracked object", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node show_map_words[] = {
	IFNAME(ARG_IFNAME, "Of this interface", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node show_map_tag_words[] = {
	WORD(ARG_MAP, "Name of the crypto map", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node show_crypto_map_words[] = {
	KEYWORD("interface", "The crypto map of an interface", .next = show_map_words),
	KEYWORD("tag", "The crypto map of a name", .next = show_map_tag_words),
	END
};

static const struct grammar_node show_set_words[] = {
	WORD(ARG_NAME, "Name of the transform set", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node show_sa_end_words[] = {
	KEYWORD("detail", "With drops, windows and lifetimes", .arg = ARG_DETAIL,
		.flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node show_sa_map_words[] = {
	WORD(ARG_MAP, "Name of the crypto map", .flags = GRAMMAR_STOP, .next = show_sa_end_words),
	END
};

static const struct grammar_node show_sa_peer_words[] = {
	IP(ARG_PEER, "Address of the peer", .flags = GRAMMAR_STOP, .next = show_sa_end_words),
	END
};

static const struct grammar_node show_sa_interface_words[] = {
	IFNAME(ARG_IFNAME, "Name of the interface", .flags = GRAMMAR_STOP,
	       .next = show_sa_end_words),
	END
};

static const struct grammar_node show_sa_words[] = {
	KEYWORD("active", "SAs that carry traffic here", .arg = ARG_KIND, .id = SHOW_SA_ACTIVE,
		.flags = GRAMMAR_STOP, .next = show_sa_end_words),
	KEYWORD("address", "SAs by destination", .arg = ARG_KIND, .id = SHOW_SA_ADDRESS,
		.flags = GRAMMAR_STOP, .next = show_sa_end_words),
	INCLUDE(show_sa_end_words),
	KEYWORD("identity", "What is protected, without SAs", .arg = ARG_KIND,
		.id = SHOW_SA_IDENTITY, .flags = GRAMMAR_STOP, .next = show_sa_end_words),
	KEYWORD("interface", "SAs of an interface", .next = show_sa_interface_words),
	KEYWORD("map", "SAs of a crypto map", .next = show_sa_map_words),
	KEYWORD("peer", "SAs of a peer", .next = show_sa_peer_words),
	KEYWORD("standby", "SAs that carry none", .arg = ARG_KIND, .id = SHOW_SA_STANDBY,
		.flags = GRAMMAR_STOP, .next = show_sa_end_words),
	END
};

static const struct grammar_node show_crypto_ipsec_words[] = {
	KEYWORD("counters", "Packets that were dropped", .flags = GRAMMAR_STOP,
		.exec = exec_show_crypto_counters),
	KEYWORD("sa", "Security associations", .flags = GRAMMAR_STOP, .next = show_sa_words,
		.exec = exec_show_crypto_sa),
	KEYWORD("transform-set", "Transform sets", .flags = GRAMMAR_STOP, .next = show_set_words,
		.exec = exec_show_crypto_set),
	END
};

static const struct grammar_node show_route_map_words[] = {
	WORD(ARG_MAP, "Name of the crypto map", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node show_route_words[] = {
	KEYWORD("map", "Routes of a crypto map", .next = show_route_map_words),
	END
};

/* Which IKE SAs, and which sessions. */
static const struct grammar_node ike_detail_words[] = {
	KEYWORD("detail", "With all that is known", .arg = ARG_DETAIL, .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node ike_peer_words[] = {
	IP(ARG_PEER, "Address of the peer", .flags = GRAMMAR_STOP, .next = ike_detail_words),
	END
};

static const struct grammar_node ike_interface_words[] = {
	IFNAME(ARG_IFNAME, "Name of the interface", .flags = GRAMMAR_STOP,
	       .next = ike_detail_words),
	END
};

static const struct grammar_node show_ike_words[] = {
	KEYWORD("active", "Where this gateway is active", .arg = ARG_KIND, .id = 1,
		.flags = GRAMMAR_STOP, .next = ike_detail_words),
	INCLUDE(ike_detail_words),
	KEYWORD("interface", "Of an interface", .next = ike_interface_words),
	KEYWORD("remote", "Of a peer", .next = ike_peer_words),
	KEYWORD("standby", "Where it is not", .arg = ARG_KIND, .id = 2, .flags = GRAMMAR_STOP,
		.next = ike_detail_words),
	END
};

static const struct grammar_node show_isakmp_words[] = {
	KEYWORD("sa", "IKE SAs", .flags = GRAMMAR_STOP, .next = show_ike_words,
		.exec = exec_show_isakmp_sa),
	END
};

static const struct grammar_node show_ikev2_name_words[] = {
	WORD(ARG_NAME, "Its name", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node show_ikev2_words[] = {
	KEYWORD("policy", "Which proposals are made and accepted, and where",
		.flags = GRAMMAR_STOP, .next = show_ikev2_name_words,
		.exec = exec_show_ikev2_policy),
	KEYWORD("profile", "Who peers may be", .flags = GRAMMAR_STOP,
		.next = show_ikev2_name_words, .exec = exec_show_ikev2_profile),
	KEYWORD("proposal", "How an IKE SA is protected", .flags = GRAMMAR_STOP,
		.next = show_ikev2_name_words, .exec = exec_show_ikev2_proposal),
	KEYWORD("sa", "IKE SAs", .flags = GRAMMAR_STOP, .next = show_ike_words,
		.exec = exec_show_ikev2_sa),
	KEYWORD("session", "IKE SAs with their child SAs", .flags = GRAMMAR_STOP,
		.next = show_ike_words, .exec = exec_show_ikev2_session),
	KEYWORD("stats", "Counters", .flags = GRAMMAR_STOP, .exec = exec_show_ikev2_stats),
	END
};

static const struct grammar_node show_dynamic_name_words[] = {
	WORD(ARG_MAP, "Name of the dynamic crypto map", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node show_dynamic_words[] = {
	KEYWORD("tag", "One of them", .next = show_dynamic_name_words),
	END
};

static const struct grammar_node show_crypto_words[] = {
	KEYWORD("dynamic-map", "Dynamic crypto maps", .flags = GRAMMAR_STOP,
		.next = show_dynamic_words, .exec = exec_show_crypto_dynamic_map),
	KEYWORD("ikev2", "How keys are negotiated", .next = show_ikev2_words),
	KEYWORD("ipsec", "How packets are protected", .next = show_crypto_ipsec_words),
	KEYWORD("isakmp", "How keys are negotiated", .next = show_isakmp_words),
	KEYWORD("map", "Crypto maps", .flags = GRAMMAR_STOP, .next = show_crypto_map_words,
		.exec = exec_show_crypto_map),
	KEYWORD("route", "Routes of reverse route injection", .flags = GRAMMAR_STOP,
		.next = show_route_words, .exec = exec_show_crypto_route),
	KEYWORD("session", "Peers and what is protected with them", .flags = GRAMMAR_STOP,
		.next = show_ike_words, .exec = exec_show_session),
	END
};

static const struct grammar_node show_access_lists_words[] = {
	WORD(ARG_NAME, "Name or number", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node show_words[] = {
	KEYWORD("access-lists", "Access lists", .flags = GRAMMAR_STOP,
		.next = show_access_lists_words, .exec = exec_show_access_lists),
	KEYWORD("crypto", "Protection of packets", .next = show_crypto_words),
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

static const struct grammar_node debug_crypto_words[] = {
	KEYWORD("ipsec", "SAs, crypto maps, routes, and packets that lack an SA",
		.flags = GRAMMAR_STOP, .exec = exec_debug_crypto),
	KEYWORD("ikev2", "How keys are negotiated", .arg = ARG_NAME, .flags = GRAMMAR_STOP,
		.exec = exec_debug_ike),
	KEYWORD("isakmp", "How keys are negotiated", .arg = ARG_NAME, .id = 1,
		.flags = GRAMMAR_STOP, .exec = exec_debug_ike),
	END
};

static const struct grammar_node clear_seq_words[] = {
	NUMBER(ARG_SEQ, 1, VPNHA_CRYPTO_NUMBER_MAX, "Sequence number of an entry",
	       .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node clear_map_words[] = {
	WORD(ARG_MAP, "Name of the crypto map", .flags = GRAMMAR_STOP, .next = clear_seq_words),
	END
};

static const struct grammar_node clear_peer_words[] = {
	IP(ARG_PEER, "Address of the peer", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node clear_spi_words[] = {
	SPI(ARG_SPI, "Security parameters index", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node clear_protocol_words[] = {
	KEYWORD("esp", "Encapsulating security payload", .next = clear_spi_words),
	INCLUDE(clear_spi_words),
	END
};

static const struct grammar_node clear_entry_words[] = {
	IP(ARG_PEER, "Address of the peer", .next = clear_protocol_words),
	END
};

static const struct grammar_node clear_interface_words[] = {
	IFNAME(ARG_IFNAME, "Name of the interface", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node clear_which_words[] = {
	KEYWORD("entry", "The SA of a peer and an SPI", .next = clear_entry_words),
	KEYWORD("interface", "SAs of an interface", .next = clear_interface_words),
	KEYWORD("map", "SAs of a crypto map or an entry", .next = clear_map_words),
	KEYWORD("peer", "SAs of a peer", .next = clear_peer_words),
	END
};

static const struct grammar_node clear_sa_words[] = {
	KEYWORD("counters", "Only set their counters to zero", .arg = ARG_COUNTERS,
		.flags = GRAMMAR_STOP, .next = clear_which_words),
	INCLUDE(clear_which_words),
	END
};

static const struct grammar_node clear_ipsec_words[] = {
	KEYWORD("counters", "Counters of the namespace and of all SAs", .flags = GRAMMAR_STOP,
		.exec = exec_clear_crypto_counters),
	END
};

static const struct grammar_node clear_id_words[] = {
	NUMBER(ARG_ID, 1, UINT32_MAX, "Its number, as 'show crypto isakmp sa' has it",
	       .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node clear_remote_words[] = {
	KEYWORD("interface", "Of an interface", .next = clear_interface_words),
	KEYWORD("remote", "Of a peer", .next = clear_peer_words),
	END
};

static const struct grammar_node clear_id_keyword_words[] = {
	KEYWORD("id", "One of them", .next = clear_id_words),
	INCLUDE(clear_remote_words),
	END
};

static const struct grammar_node clear_ikev2_words[] = {
	KEYWORD("sa", "IKE SAs, with what they negotiated", .flags = GRAMMAR_STOP,
		.next = clear_id_keyword_words, .exec = exec_clear_ike_sa),
	KEYWORD("stats", "Counters", .flags = GRAMMAR_STOP, .exec = exec_clear_ikev2_stats),
	END
};

static const struct grammar_node clear_crypto_words[] = {
	KEYWORD("ikev2", "IKE SAs", .next = clear_ikev2_words),
	KEYWORD("ipsec", "Counters", .next = clear_ipsec_words),
	KEYWORD("isakmp", "IKE SAs, with what they negotiated", .flags = GRAMMAR_STOP,
		.next = clear_id_words, .exec = exec_clear_ike_sa),
	KEYWORD("sa", "Security associations; those of session keys start anew",
		.flags = GRAMMAR_STOP, .next = clear_sa_words, .exec = exec_clear_crypto_sa),
	KEYWORD("session", "Sessions: IKE SAs, and the security associations of the peer",
		.flags = GRAMMAR_STOP, .next = clear_remote_words, .exec = exec_clear_session),
	END
};

static const struct grammar_node clear_words[] = {
	KEYWORD("crypto", "Protection of packets", .next = clear_crypto_words),
	END
};

static const struct grammar_node debug_words[] = {
	KEYWORD("crypto", "Protection of packets", .next = debug_crypto_words),
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

static const struct grammar_node check_others_words[] = {
	FILENAME(ARG_NONE, "That of its partner, or of a peer", .next = check_others_words,
		 .flags = GRAMMAR_STOP | GRAMMAR_LIST),
	END
};

static const struct grammar_node check_words[] = {
	FILENAME(ARG_FILE, "Configuration, - for the standard input", .flags = GRAMMAR_STOP,
		 .next = check_others_words),
	END
};

static const struct grammar_node import_frr_words[] = {
	FILENAME(ARG_FRR, "An frr.conf", .next = import_words),
	END
};

static const struct grammar_node import_host_words[] = {
	FILENAME(ARG_HOST, "A shell script", .next = import_words),
	END
};

static const struct grammar_node import_interface_words[] = {
	{ .type = GRAMMAR_WORD, .word = "NAME=IFNAME", .help = "Such as FastEthernet0/0=eth0",
	  .next = import_words, .flags = GRAMMAR_LIST },
	END
};

static const struct grammar_node import_output_words[] = {
	FILENAME(ARG_OUTPUT, "A vpnha.conf", .next = import_words),
	END
};

const struct grammar_node import_words[] = {
	KEYWORD("--frr", "Where to write what is FRR's", .next = import_frr_words),
	KEYWORD("--host", "Where to write what is the host's", .next = import_host_words),
	KEYWORD("--interface", "What an interface of the router is called here",
		.next = import_interface_words),
	KEYWORD("--output", "Where to write what is vpnha's, if not to the standard output",
		.next = import_output_words),
	FILENAME(ARG_FILE, "Running configuration of a router, - for the standard input",
		 .flags = GRAMMAR_STOP),
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

static const struct grammar_node track_state_words[] = {
	KEYWORD("down", "It is down", .arg = ARG_STATE, .id = 0, .flags = GRAMMAR_STOP,
		.exec = exec_track),
	KEYWORD("up", "It is up", .arg = ARG_STATE, .id = 1, .flags = GRAMMAR_STOP,
		.exec = exec_track),
	END
};

static const struct grammar_node track_words[] = {
	NUMBER(ARG_OBJECT, 1, VPNHA_OBJECT_MAX, "Tracked object, a stub",
	       .next = track_state_words),
	END
};

/* Beside its state, what configures it. */
static const struct grammar_node oneshot_track_state_words[] = {
	INCLUDE(track_state_words),
	INCLUDE(config_track_kind_words),
	END
};

static const struct grammar_node oneshot_track_words[] = {
	NUMBER(ARG_OBJECT, 1, VPNHA_OBJECT_MAX, "Tracked object",
	       .next = oneshot_track_state_words),
	END
};

static const struct grammar_node common_exec_words[] = {
	KEYWORD("check", "Check a configuration file", .next = check_words, .exec = exec_check),
	KEYWORD("clear", "Remove what is not configuration", .next = clear_words),
	KEYWORD("copy", "Copy the configuration", .next = copy_words),
	KEYWORD("debug", "Follow events until interrupted", .next = debug_words),
	KEYWORD("import", "Take the running configuration of a router apart",
		.next = import_words, .exec = exec_import),
	KEYWORD("load", "Replace the configuration by that of a file", .next = load_words,
		.exec = exec_load),
	KEYWORD("show", "Show information", .next = show_words),
	KEYWORD("write", "Write the current configuration to a file", .flags = GRAMMAR_STOP,
		.next = write_words, .exec = exec_write),
	KEYWORD("help", "Describe the help system", .flags = GRAMMAR_STOP, .exec = exec_help),
	END
};

const struct grammar_node exec_words[] = {
	INCLUDE(common_exec_words),
	KEYWORD("track", "Say what state a tracked object has", .next = track_words),
	END
};

/* The words of the program's command line. */
const struct grammar_node oneshot_words[] = {
	INCLUDE(common_exec_words),
	KEYWORD("track", "Configure a tracked object, or say what state it has",
		.next = oneshot_track_words),
	KEYWORD("configure", "Carry out lines of configuration", .flags = GRAMMAR_STOP,
		.next = configure_words, .exec = exec_configure),
	INCLUDE(config_oneshot_but_track_words),
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

#define SHELL_MODE_WORDS(name)							\
static const struct grammar_node shell_ ## name[] = {				\
	INCLUDE(shell_config_common_words),					\
	INCLUDE(name),								\
	END									\
}

SHELL_MODE_WORDS(config_global_words);
SHELL_MODE_WORDS(config_interface_words);
SHELL_MODE_WORDS(config_set_words);
SHELL_MODE_WORDS(config_map_words);
SHELL_MODE_WORDS(config_acl_words);
SHELL_MODE_WORDS(config_proposal_words);
SHELL_MODE_WORDS(config_policy_words);
SHELL_MODE_WORDS(config_keyring_words);
SHELL_MODE_WORDS(config_peer_words);
SHELL_MODE_WORDS(config_profile_words);
SHELL_MODE_WORDS(config_trustpoint_words);
SHELL_MODE_WORDS(config_track_mode_words);

/**
 * ctl_words() - The words that may begin a command.
 * @ctl: run
 */
const struct grammar_node *ctl_words(const struct ctl *ctl)
{
	if (!ctl->shell)
		return oneshot_words;
	if (!ctl->configuring)
		return shell_words;
	switch (ctl->in.mode) {
	case CONFIG_INTERFACE:
		return shell_config_interface_words;
	case CONFIG_SET:
		return shell_config_set_words;
	case CONFIG_MAP:
		return shell_config_map_words;
	case CONFIG_ACL:
	case CONFIG_ACL6:
		return shell_config_acl_words;
	case CONFIG_PROPOSAL:
		return shell_config_proposal_words;
	case CONFIG_POLICY:
		return shell_config_policy_words;
	case CONFIG_KEYRING:
		return shell_config_keyring_words;
	case CONFIG_PEER:
		return shell_config_peer_words;
	case CONFIG_PROFILE:
		return shell_config_profile_words;
	case CONFIG_TRUSTPOINT:
		return shell_config_trustpoint_words;
	case CONFIG_TRACK:
		return shell_config_track_mode_words;
	default:
		return shell_config_global_words;
	}
}
