// SPDX-License-Identifier: GPL-2.0
/*
 * ike_load LOCAL REMOTE FIRST COUNT PARALLEL GROUP: begins COUNT IKE SAs with a responder,
 * PARALLEL of them at a time, each from another address (from LOCAL + FIRST on), by another
 * identity and with a child SA for another host, and forgets each as soon as it is up. No
 * kernel gets an SA of them. Prints how many came up, how many did not, and how many
 * milliseconds it took.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ike/sa.h"
#include "ike/wire.h"

#define PARALLEL_MAX	64
#define SECRET		"a-secret-of-the-lab"
#define LIFE_MS		86400000
#define POLL_MS		100

/* One of those that are under way. */
struct begun {
	struct ike_sa *sa;
	struct ike_path path;
	unsigned int installed;
};

static struct {
	int fd;
	struct ike_env env;
	struct ike_config *config;
	struct ike_endpoint local, remote;
	unsigned int first;
	struct begun begun[PARALLEL_MAX];
	unsigned int parallel, count, next, up, failed;
} load;

static void *need(void *allocated)
{
	if (!allocated)
		abort();
	return allocated;
}

static struct ike_moment now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct ike_moment){
		.ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000,
		.wall = time(NULL),
	};
}

/* What the engine asks of its host */

static void op_random(void *ctx, void *buf, size_t len)
{
	(void)ctx;
	if (getrandom(buf, len, 0) != (ssize_t)len)
		abort();
}

static void op_send(void *ctx, struct ike_sa *sa, const struct ike_path *path,
		    const uint8_t *data, size_t len)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(500) };
	union {
		char room[CMSG_SPACE(sizeof(struct in_pktinfo))];
		struct cmsghdr align;
	} control = {};
	struct iovec piece = { .iov_base = (void *)data, .iov_len = len };
	struct msghdr m = {
		.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &piece, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	struct in_pktinfo from = {};

	(void)ctx;
	(void)sa;
	memcpy(&to.sin_addr, path->remote.address, sizeof(to.sin_addr));
	memcpy(&from.ipi_spec_dst, path->local.address, sizeof(from.ipi_spec_dst));
	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(from));
	memcpy(CMSG_DATA(c), &from, sizeof(from));
	if (sendmsg(load.fd, &m, 0) < 0)
		perror("sendmsg");
}

static const char *op_install(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k)
{
	(void)ctx;
	(void)k;
	for (unsigned int i = 0; i < load.parallel; i++)
		load.begun[i].installed += load.begun[i].sa == sa;
	return NULL;
}

static void op_remove(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k)
{
	(void)ctx;
	(void)sa;
	(void)k;
}

static const char *op_move(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k,
			   const struct ike_endpoint *was)
{
	(void)ctx;
	(void)sa;
	(void)k;
	(void)was;
	return NULL;
}

static uint64_t op_idle(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k)
{
	(void)ctx;
	(void)sa;
	(void)k;
	return 0;
}

static void op_established(void *ctx, struct ike_sa *sa, bool initial_contact)
{
	(void)ctx;
	(void)sa;
	(void)initial_contact;
}

static void op_next(void *ctx, struct ike_sa *sa, struct ike_sa *next)
{
	(void)ctx;
	(void)sa;
	(void)next;
	/* nothing is as old here that it would be rekeyed */
	abort();
}

static void op_log(void *ctx, struct ike_sa *sa, enum ike_level level, const char *text)
{
	(void)ctx;
	(void)sa;
	if (level == IKE_LOG_ERROR)
		fprintf(stderr, "%s\n", text);
}

static const struct ike_ops ops = {
	.random = op_random,
	.send = op_send,
	.install = op_install,
	.remove = op_remove,
	.move = op_move,
	.idle = op_idle,
	.established = op_established,
	.succeeded = op_next,
	.redundant = op_next,
	.log = op_log,
};

/* What is configured */

static struct ike_endpoint endpoint(const char *address)
{
	struct ike_endpoint e = { .family = AF_INET, .port = 500 };

	if (inet_pton(AF_INET, address, e.address) != 1)
		abort();
	return e;
}

/* Of a client. */
static struct ike_endpoint client(unsigned int number)
{
	struct ike_endpoint e = load.local;

	e.address[2] = (uint8_t)(number >> 8);
	e.address[3] = (uint8_t)number;
	return e;
}

static void transform(struct ike_proposal *p, uint8_t type, uint16_t id, uint16_t bits)
{
	p->transforms[p->n++] =
		(struct ike_transform){ .type = type, .id = id, .key_bits = bits };
}

static void make_policy(struct ike_policy *policy, uint16_t group)
{
	struct ike_proposal *p = need(calloc(1, sizeof(*p)));

	snprintf(policy->name, sizeof(policy->name), "load");
	policy->n_proposals = 1;
	policy->proposals = p;
	p->number = 1;
	p->protocol = IKE_PROTOCOL_IKE;
	transform(p, IKE_TRANSFORM_ENCR, IKE_ENCR_AES_GCM_16, 256);
	transform(p, IKE_TRANSFORM_PRF, IKE_PRF_HMAC_SHA2_256, 0);
	transform(p, IKE_TRANSFORM_DH, group, 0);
}

static void make_profile(struct ike_profile *p, unsigned int number)
{
	p->keys = need(calloc(1, sizeof(*p->keys)));
	p->n_keys = 1;
	p->keys->by_address = true;
	p->keys->address.kind = IKE_MATCH_ANY;
	p->keys->local = (uint8_t *)need(strdup(SECRET));
	p->keys->remote = (uint8_t *)need(strdup(SECRET));
	p->keys->local_len = strlen(SECRET);
	p->keys->remote_len = strlen(SECRET);
	p->match = need(calloc(1, sizeof(*p->match)));
	p->n_match = 1;
	p->local.type = IKE_ID_FQDN;
	p->local.len = (uint16_t)snprintf((char *)p->local.data, sizeof(p->local.data),
					  "c%u.load.example", number);
	snprintf(p->name, sizeof(p->name), "p%u", number);
	p->prove_local = IKE_PROVE_PSK;
	p->prove_remote = IKE_PROVE_PSK;
	p->lifetime_ms = LIFE_MS;
}

/* The host 10.100.x.y of the number, with the network behind the responder. */
static void make_child(struct ike_child_policy *c, unsigned int number)
{
	const uint8_t far[4] = { 10, 1, 1, 0 };
	const uint8_t near[4] = { 10, 100, (uint8_t)(number >> 8), (uint8_t)number };
	struct ike_proposal *p = need(calloc(1, sizeof(*p)));

	snprintf(c->ifname, sizeof(c->ifname), "eth0");
	snprintf(c->map, sizeof(c->map), "load");
	c->number = number + 1;
	c->local[0] = client(number);
	c->peers = need(calloc(1, sizeof(*c->peers)));
	c->peers[0] = load.remote;
	c->n_peers = 1;
	c->proposals = p;
	c->n_proposals = 1;
	p->number = 1;
	p->protocol = IKE_PROTOCOL_ESP;
	transform(p, IKE_TRANSFORM_ENCR, IKE_ENCR_AES_GCM_16, 256);
	transform(p, IKE_TRANSFORM_ESN, IKE_ESN_NO, 0);
	c->pairs = need(calloc(1, sizeof(*c->pairs)));
	c->lines = need(calloc(1, sizeof(*c->lines)));
	c->n_pairs = 1;
	ike_selector_of_prefix(&c->pairs->local, AF_INET, near, 32);
	ike_selector_of_prefix(&c->pairs->remote, AF_INET, far, 24);
	c->life_ms = LIFE_MS;
	c->replay_window = 64;
}

static void configure(uint16_t group)
{
	struct ike_config *c = need(ike_config_new());

	c->n_policies = 1;
	c->policies = need(calloc(1, sizeof(*c->policies)));
	make_policy(c->policies, group);
	c->n_profiles = load.count;
	c->profiles = need(calloc(load.count, sizeof(*c->profiles)));
	c->n_children = load.count;
	c->children = need(calloc(load.count, sizeof(*c->children)));
	for (unsigned int i = 0; i < load.count; i++) {
		make_profile(&c->profiles[i], load.first + i);
		make_child(&c->children[i], load.first + i);
	}
	load.config = c;
}

/* What happens */

static void begin(struct begun *b)
{
	const struct ike_moment at = now();
	const unsigned int number = load.next++;

	b->installed = 0;
	b->path.local = client(load.first + number);
	b->path.remote = load.remote;
	b->sa = need(ike_sa_initiate(&load.env, load.config, &load.config->profiles[number],
				     &b->path, false, &at));
	ike_sa_want_child(b->sa, &at, &load.config->children[number], 0, NULL);
}

/* Another one takes the place of what is over. */
static void look(struct begun *b)
{
	if (!b->sa)
		return;
	if (b->installed >= 2)
		load.up++;
	else if (ike_sa_state(b->sa) >= IKE_STATE_ESTABLISHED)
		/* without its child SA */
		load.failed++;
	else
		return;
	ike_sa_free(b->sa);
	b->sa = NULL;
	if (load.next < load.count)
		begin(b);
}

static void receive(void)
{
	static uint8_t data[65536];
	ssize_t len;

	while ((len = recv(load.fd, data, sizeof(data), MSG_DONTWAIT)) >= IKE_SPI_LEN_MAX)
		for (unsigned int i = 0; i < load.parallel; i++) {
			struct begun *b = &load.begun[i];
			const struct ike_moment at = now();

			if (!b->sa || memcmp(ike_sa_local_spi(b->sa), data, IKE_SPI_LEN_MAX))
				continue;
			ike_sa_receive(b->sa, &at, &b->path, data, (size_t)len);
			look(b);
			break;
		}
}

static void run(void)
{
	struct pollfd wait = { .fd = load.fd, .events = POLLIN };

	for (unsigned int i = 0; i < load.parallel && load.next < load.count; i++)
		begin(&load.begun[i]);
	while (load.up + load.failed < load.count) {
		poll(&wait, 1, POLL_MS);
		receive();
		for (unsigned int i = 0; i < load.parallel; i++) {
			struct begun *b = &load.begun[i];
			const struct ike_moment at = now();

			if (b->sa && ike_sa_deadline(b->sa) <= at.ms)
				ike_sa_timer(b->sa, &at);
			look(b);
		}
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(500) };
	uint64_t begin_ms;

	if (argc != 7)
		return 2;
	load.local = endpoint(argv[1]);
	load.remote = endpoint(argv[2]);
	load.first = (unsigned int)strtoul(argv[3], NULL, 10);
	load.count = (unsigned int)strtoul(argv[4], NULL, 10);
	load.parallel = (unsigned int)strtoul(argv[5], NULL, 10);
	if (!load.count || !load.parallel || load.parallel > PARALLEL_MAX)
		return 2;
	load.env = (struct ike_env){ .crypt = need(ike_crypt_new()), .ops = &ops };
	configure((uint16_t)strtoul(argv[6], NULL, 10));
	load.fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (load.fd < 0 || bind(load.fd, (const struct sockaddr *)&here, sizeof(here))) {
		perror("port 500");
		return 1;
	}
	begin_ms = now().ms;
	run();
	printf("%u %u %llu\n", load.up, load.failed, (unsigned long long)(now().ms - begin_ms));
	return 0;
}
