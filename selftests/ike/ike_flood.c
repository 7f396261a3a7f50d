// SPDX-License-Identifier: GPL-2.0
/*
 * ike_flood MESSAGE ADDRESS RATE SECONDS: sends a first message of IKE, which is in a
 * file, to port 500 of an address, RATE times a second, each time from somebody else with
 * another SPI and another nonce. Nonces are the last 32 octets. Prints how many
 * were sent, and in how many milliseconds. Who floods has a processor of his own, but is
 * in the same machine here: nothing else comes before what he sends.
 */
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define MESSAGE_MAX	1400
#define SPI_LEN		8
#define NONCE_LEN	32
#define MS		1000
#define NS_OF_MS	1000000

/* 100.64.0.0/10 */
#define SOURCES		0x64400000U
#define SOURCES_MASK	0x003fffffU

static struct {
	struct iphdr ip;
	struct udphdr udp;
	uint8_t message[MESSAGE_MAX];
} __attribute__((packed)) packet;

static uint64_t state;

static uint64_t number(void)
{
	uint64_t x = state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

static void fill(uint8_t *to, size_t len)
{
	for (size_t n = 0; n < len; n += sizeof(uint64_t)) {
		const uint64_t octets = number();

		memcpy(to + n, &octets, sizeof(octets));
	}
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * MS + (uint64_t)t.tv_nsec / NS_OF_MS;
}

static size_t read_message(const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t len = 0;

	if (f) {
		len = fread(packet.message, 1, MESSAGE_MAX, f);
		fclose(f);
	}
	return len;
}

static bool send_one(int fd, const struct sockaddr_in *to, size_t len)
{
	packet.ip.saddr = htonl(SOURCES | (number() & SOURCES_MASK));
	packet.udp.source = htons((uint16_t)(1024 + number() % 60000));
	fill(packet.message, SPI_LEN);
	fill(packet.message + len - NONCE_LEN, NONCE_LEN);
	return sendto(fd, &packet, sizeof(packet.ip) + sizeof(packet.udp) + len, 0,
		      (const struct sockaddr *)to, sizeof(*to)) > 0;
}

int main(int argc, char **argv)
{
	const struct sched_param first = { .sched_priority = 1 };
	const int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	struct sockaddr_in to = { .sin_family = AF_INET };
	uint64_t begin, passed = 0, sent = 0, rate, ms;
	size_t len;

	if (argc != 5 || inet_pton(AF_INET, argv[2], &to.sin_addr) != 1 || fd < 0)
		return 2;
	len = read_message(argv[1]);
	rate = strtoull(argv[3], NULL, 10);
	ms = strtoull(argv[4], NULL, 10) * MS;
	if (len < SPI_LEN + NONCE_LEN || !rate || sched_setscheduler(0, SCHED_FIFO, &first) < 0)
		return 2;
	packet.ip.version = IPVERSION;
	packet.ip.ihl = sizeof(packet.ip) / 4;
	packet.ip.ttl = IPDEFTTL;
	packet.ip.protocol = IPPROTO_UDP;
	packet.ip.daddr = to.sin_addr.s_addr;
	packet.udp.dest = htons(500);
	packet.udp.len = htons((uint16_t)(sizeof(packet.udp) + len));
	begin = now_ms();
	state = begin;
	/* where that is too much for the machine it takes longer, and as many are sent */
	while (sent < ms * rate / MS) {
		const struct timespec pause = { .tv_nsec = NS_OF_MS };

		while (sent < passed * rate / MS && sent < ms * rate / MS &&
		       send_one(fd, &to, len))
			sent++;
		nanosleep(&pause, NULL);
		passed = now_ms() - begin;
	}
	printf("%llu %llu\n", (unsigned long long)sent, (unsigned long long)passed);
	return 0;
}
