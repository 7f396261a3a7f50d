// SPDX-License-Identifier: GPL-2.0
/*
 * Parts of vpnhad: the filter of system calls, the log, and what configurations and
 * crypto maps become for the engine.
 *
 * lab: native
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ike/alg.h"
#include "kselftest_harness.h"
#include "lib/ikev2.h"
#include "lib/model.h"
#include "vpnhad/kernel.h"
#include "vpnhad/log.h"
#include "vpnhad/resolve.h"
#include "vpnhad/vpnhad.h"

/* What a child told on standard error, and how it ended. */
struct told {
	char text[65536];
	int status;
};

static void in_child(struct told *told, void (*function)(void))
{
	int pipes[2];
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	if (pipe(pipes))
		abort();
	fflush(stdout);
	pid = fork();
	if (!pid) {
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		function();
		_exit(0);
	}
	close(pipes[1]);
	while ((got = read(pipes[0], told->text + n, sizeof(told->text) - 1 - n)) > 0)
		n += (size_t)got;
	told->text[n] = '\0';
	close(pipes[0]);
	waitpid(pid, &told->status, 0);
}

static void begin_confined(void)
{
	if (confine())
		_exit(9);
}

static void do_what_is_needed(void)
{
	char buf[8];

	begin_confined();
	if (socket(AF_INET, SOCK_DGRAM, 0) < 0 || socket(AF_NETLINK, SOCK_RAW, 0) < 0)
		_exit(1);
	if (getentropy(buf, sizeof(buf)))
		_exit(2);
	free(malloc(1 << 22));
}

static void do_ptrace(void)
{
	begin_confined();
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void do_exec(void)
{
	begin_confined();
	execl("/bin/true", "true", NULL);
}

static void do_packet_socket(void)
{
	begin_confined();
	socket(AF_PACKET, SOCK_RAW, 0);
}

static void do_setuid(void)
{
	begin_confined();
	syscall(SYS_setuid, getuid());
}

static void *exec_in_thread(void *data)
{
	execl("/bin/true", "true", NULL);
	return data;
}

static void do_exec_in_thread(void)
{
	pthread_t thread;

	begin_confined();
	pthread_create(&thread, NULL, exec_in_thread, NULL);
	pthread_join(thread, NULL);
}

TEST(what_is_needed_is_allowed)
{
	struct told told;

	in_child(&told, do_what_is_needed);
	ASSERT_TRUE(WIFEXITED(told.status));
	EXPECT_EQ(WEXITSTATUS(told.status), 0);
	EXPECT_STREQ(told.text, "");
}

TEST(anything_else_is_logged_and_kills)
{
	static const struct {
		void (*function)(void);
		int number;
	} cases[] = {
		{ do_ptrace, SYS_ptrace },
		{ do_exec, SYS_execve },
		{ do_packet_socket, SYS_socket },
		{ do_setuid, SYS_setuid },
		{ do_exec_in_thread, SYS_execve },
	};

	for (size_t n = 0; n < sizeof(cases) / sizeof(*cases); n++) {
		struct told told;
		char number[32];

		in_child(&told, cases[n].function);
		EXPECT_TRUE(WIFSIGNALED(told.status));
		EXPECT_EQ(WTERMSIG(told.status), SIGSYS);
		snprintf(number, sizeof(number), "number %d\n", cases[n].number);
		EXPECT_NE(strstr(told.text, number), NULL);
	}
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

static const struct ike_endpoint noisy = {
	.family = AF_INET, .port = 500, .address = { 192, 0, 2, 1 },
};
static const struct ike_endpoint quiet = {
	.family = AF_INET, .port = 500, .address = { 192, 0, 2, 2 },
};

static void make_noise(void)
{
	log_open(false);
	for (int n = 0; n < 1000; n++)
		log_line(IKE_LOG_NOTICE, &noisy, "again");
	log_line(IKE_LOG_NOTICE, &quiet, "once");
	log_line(IKE_LOG_DEBUG, &quiet, "a whisper");
	log_line(IKE_LOG_ERROR, NULL, "a\nb\033c");
	log_line(IKE_LOG_ERROR, &quiet, "d\xc2\x9b" "e\xff\xc3\xa9");
}

TEST(a_noisy_peer_silences_nobody_else)
{
	struct told told;

	in_child(&told, make_noise);
	EXPECT_LT(count(told.text, "<6>192.0.2.1 port 500: again\n"), 100);
	EXPECT_GE(count(told.text, "<6>192.0.2.1 port 500: again\n"), 10);
	EXPECT_EQ(count(told.text, "<6>192.0.2.2 port 500: once\n"), 1);
	EXPECT_EQ(count(told.text, "whisper"), 0);
	EXPECT_EQ(count(told.text, "<3>a?b?c\n"), 1);
	EXPECT_EQ(count(told.text, "<4>192.0.2.2 port 500: d??e?\xc3\xa9\n"), 1);
}

static void flood(void)
{
	struct ike_endpoint spoofed = quiet;

	log_open(false);
	for (unsigned int n = 0; n < 10000; n++) {
		memcpy(spoofed.address, &n, sizeof(n));
		log_stranger(IKE_LOG_ERROR, &spoofed, "who am I");
	}
	log_line(IKE_LOG_NOTICE, &quiet, "known");
}

TEST(strangers_of_many_addresses_do_not_fill_the_journal)
{
	struct told told;

	in_child(&told, flood);
	EXPECT_LT(count(told.text, "who am I\n"), 300);
	EXPECT_GE(count(told.text, "who am I\n"), 100);
	EXPECT_EQ(count(told.text, "known\n"), 1);
}

static struct ike_config *resolved(const char *text, struct ikev2_error *e)
{
	struct ikev2_config c;
	struct ike_config *to;

	memset(e, 0, sizeof(*e));
	if (!ikev2_config_parse(&c, text, strlen(text), e))
		return NULL;
	to = resolve(&c, e);
	ikev2_config_free(&c);
	return to;
}

#define PROFILE(name, match)								\
	"crypto ikev2 profile " name "\n match identity remote " match "\n"		\
	" authentication local pre-share\n authentication remote pre-share\n"		\
	" keyring local ring\n"

static const char lines[] =
	"crypto ikev2 proposal mixed\n encryption aes-cbc-128 aes-gcm-256\n"
	" integrity sha256\n group 19 14\n"
	"crypto ikev2 policy all\n proposal mixed\n"
	"crypto ikev2 policy here\n match address local 192.0.2.1\n proposal mixed\n"
	"crypto ikev2 keyring ring\n peer one\n  address 198.51.100.0 255.255.255.0\n"
	"  pre-shared-key local ours\n  pre-shared-key remote theirs\n"
	PROFILE("anybody", "any") PROFILE("one", "fqdn peer.example")
	" match address local 192.0.2.1\n match address local 192.0.2.2\n"
	" initial-contact force\n";

TEST(ciphers_that_authenticate_make_proposals_of_their_own)
{
	const struct ike_policy *p;
	struct ikev2_error e;
	struct ike_config *c = resolved(lines, &e);

	ASSERT_NE(c, NULL) { TH_LOG("%s", e.message); }
	ASSERT_EQ(c->n_policies, 3);
	p = &c->policies[0];
	EXPECT_STREQ(p->name, "here");
	EXPECT_STREQ(c->policies[1].name, "all");
	ASSERT_EQ(p->n_proposals, 2);
	/* cipher, HMAC, PRF and two groups; without the HMAC */
	EXPECT_EQ(p->proposals[0].n, 5);
	EXPECT_EQ(p->proposals[0].number, 1);
	EXPECT_EQ(p->proposals[0].transforms[0].id, IKE_ENCR_AES_CBC);
	EXPECT_EQ(p->proposals[1].n, 4);
	EXPECT_EQ(p->proposals[1].number, 2);
	EXPECT_EQ(p->proposals[1].transforms[0].id, IKE_ENCR_AES_GCM_16);
	ike_config_put(c);
}

TEST(profiles_and_keys)
{
	const struct ike_profile *p;
	struct ikev2_error e;
	struct ike_config *c = resolved(lines, &e), *copy;

	ASSERT_NE(c, NULL);
	copy = resolve_copy(c);
	ike_config_put(c);
	ASSERT_EQ(copy->n_profiles, 2);
	EXPECT_STREQ(copy->profiles[0].name, "anybody");
	EXPECT_EQ(copy->profiles[0].n_match_local, 0);
	EXPECT_FALSE(copy->profiles[0].initial_contact);
	p = &copy->profiles[1];
	EXPECT_STREQ(p->name, "one");
	ASSERT_EQ(p->n_keys, 1);
	EXPECT_EQ(p->keys[0].local_len, 4);
	EXPECT_EQ(memcmp(p->keys[0].local, "ours", 4), 0);
	EXPECT_EQ(memcmp(p->keys[0].remote, "theirs", 6), 0);
	EXPECT_EQ(p->keys[0].address.bits, 24);
	EXPECT_EQ(p->prove_remote, IKE_PROVE_PSK);
	EXPECT_EQ(p->lifetime_ms, 86400000);
	ASSERT_EQ(p->n_match_local, 2);
	EXPECT_EQ(p->match_local[1].address[3], 2);
	EXPECT_TRUE(p->initial_contact);
	ike_config_put(copy);
}

TEST(what_cannot_be_carried_out_is_named)
{
	static const struct {
		const char *text, *word;
	} cases[] = {
		{ "crypto ikev2 policy p\n proposal nothing\n", "nothing" },
		{ "crypto ikev2 profile p\n match identity remote any\n"
		  " authentication local rsa-sig\n authentication remote rsa-sig\n", "pki trustpoint" },
	};

	for (size_t n = 0; n < sizeof(cases) / sizeof(*cases); n++) {
		struct ikev2_error e;

		EXPECT_EQ(resolved(cases[n].text, &e), NULL);
		ASSERT_NE(e.message, NULL);
		EXPECT_NE(strstr(e.message, cases[n].word), NULL) { TH_LOG("%s", e.message); }
		free(e.message);
	}
}

static void add_line(struct model *m, uint32_t number, uint32_t action, const char *src,
		     const char *mask)
{
	struct crypto_line *line = crypto_line_get(crypto_acl_get(&m->crypto, "101"), number);

	line->action = action;
	address_parse(&line->match.src, src);
	address_parse(&line->match.src_mask, mask);
	address_parse(&line->match.dst, "10.2.0.0");
	address_parse(&line->match.dst_mask, "255.255.0.0");
	line->match.src_port[1] = UINT16_MAX;
	line->match.dst_port[1] = UINT16_MAX;
}

static void add_crypto(struct model *m, uint32_t role)
{
	struct crypto_set *set = crypto_set_get(&m->crypto, "strong");
	struct crypto_map *map = crypto_map_get(&m->crypto, "lab", 10);
	struct crypto_binding *b = crypto_binding_get(&m->crypto, "eth0");

	set->transform.cipher = VPNHA_ESP_CIPHER_AES_GCM;
	set->transform.key_bits = 256;
	transform_settle(&set->transform);
	map->kind = VPNHA_MAP_KIND_ISAKMP;
	strcpy(map->sets[0], "strong");
	map->n_sets = 1;
	strcpy(map->acl, "101");
	map->keying.pfs = 19;
	map->peers = calloc(1, sizeof(*map->peers));
	address_parse(&map->peers[0].address, "198.51.100.1");
	map->n_peers = 1;
	strcpy(b->map, "lab");
	b->state.role = role;
	address_parse(&b->state.local, "192.0.2.1");
	add_line(m, 10, VPNHA_ACL_ACTION_PERMIT, "10.1.1.0", "255.255.255.0");
	add_line(m, 20, VPNHA_ACL_ACTION_DENY, "10.1.2.0", "255.255.255.0");
	add_line(m, 30, VPNHA_ACL_ACTION_PERMIT, "10.1.0.3", "255.255.0.255");
	add_line(m, 40, VPNHA_ACL_ACTION_PERMIT, "10.1.4.0", "255.255.255.0");
}

TEST(crypto_maps_that_are_active)
{
	struct ike_config *c = ike_config_new();
	const struct ike_child_policy *p;
	struct model m = {};

	add_crypto(&m, VPNHA_ROLE_ACTIVE);
	kernel_policies(c, &m.crypto);
	ASSERT_EQ(c->n_children, 1);
	p = &c->children[0];
	EXPECT_STREQ(p->ifname, "eth0");
	EXPECT_STREQ(p->map, "lab");
	EXPECT_EQ(p->number, 10);
	EXPECT_EQ(p->peers[0].port, 500);
	/* a line that denies, and one whose mask is no prefix, are none */
	ASSERT_EQ(p->n_pairs, 2);
	EXPECT_EQ(p->lines[0], 10);
	EXPECT_EQ(p->lines[1], 40);
	EXPECT_EQ(p->pairs[0].local.last[3], 255);
	EXPECT_EQ(p->life_ms, 3600000);
	EXPECT_EQ(p->life_bytes, 4608000ULL * 1024);
	ASSERT_EQ(p->n_proposals, 1);
	/* cipher, group, extended sequence numbers or not */
	EXPECT_EQ(p->proposals[0].n, 4);
	EXPECT_EQ(p->proposals[0].transforms[1].id, IKE_DH_ECP_256);
	ike_config_put(c);
	model_free(&m);
}

TEST(crypto_maps_that_are_not_active)
{
	struct ike_config *c = ike_config_new();
	struct model m = {};

	add_crypto(&m, VPNHA_ROLE_STANDBY);
	kernel_policies(c, &m.crypto);
	EXPECT_EQ(c->n_children, 0);
	ike_config_put(c);
	model_free(&m);
}

TEST_HARNESS_MAIN
