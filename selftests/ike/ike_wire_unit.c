// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * Messages of IKEv2 as a whole, octet by octet: those of a handshake written by
 * hand, every fault of a header and of a chain on its own, and what is written.
 */
#include <sys/socket.h>

#include "wire_unit.h"

/*
 * An initiator's first message, RFC 7296 section 1.2:
 * HDR, SAi1, KEi, Ni, N(NAT_DETECTION_SOURCE_IP), V, an unknown payload, N(IKEV2_FRAGMENTATION_SUPPORTED)
 */
static const uint8_t sa_init[] = {
	/* IKE header, 3.1 */
	0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88,	/* initiator's SPI */
	0, 0, 0, 0, 0, 0, 0, 0,				/* responder's SPI: not yet */
	33,						/* next payload: SA */
	0x20,						/* version 2.0 */
	34,						/* IKE_SA_INIT */
	0x08,						/* flags: initiator */
	0, 0, 0, 0,					/* message ID */
	0, 0, 0, 236,					/* length */

	/* [28] SA, 3.3 */
	34, 0x00, 0, 88,				/* next: KE; length */
	/* [32] proposal 1: 44 octets, more follow */
	2, 0, 0, 44,
	1, 1, 0, 4,					/* number, IKE, no SPI, 4 transforms */
	3, 0, 0, 12,  1, 0, 0, 12,			/* ENCR AES_CBC, more follow */
		0x80, 14, 1, 0,				/* key length, short format: 256 */
	3, 0, 0, 8,  3, 0, 0, 12,			/* INTEG HMAC_SHA2_256_128 */
	3, 0, 0, 8,  2, 0, 0, 5,			/* PRF HMAC_SHA2_256 */
	0, 0, 0, 8,  4, 0, 0, 31,			/* D-H Curve25519, the last one */
	/* [76] proposal 2: 40 octets, the last one */
	0, 0, 0, 40,
	2, 1, 0, 3,
	3, 0, 0, 16,  1, 0, 0, 20,			/* ENCR AES-GCM with 16 octets ICV */
		0x80, 14, 0, 128,			/* key length 128 */
		0x81, 0, 0, 1,				/* attribute 256, of which nobody knows */
	3, 0, 0, 8,  2, 0, 0, 5,
	0, 0, 0, 8,  4, 0, 0, 31,

	/* [116] KE, 3.4 */
	40, 0x80, 0, 12,				/* next: nonce; critical, which is ignored */
	0, 31, 0, 0,					/* Curve25519, reserved */
	0xde, 0xad, 0xbe, 0xef,				/* too short, which is not for us to see */

	/* [128] Nonce, 3.9 */
	41, 0x00, 0, 20,
	NONCE16,

	/* [148] N(NAT_DETECTION_SOURCE_IP), 3.10 */
	43, 0x00, 0, 28,
	0, 0, 0x40, 0x04,				/* no protocol, no SPI, 16388 */
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	11, 12, 13, 14, 15, 16, 17, 18, 19, 20,

	/* [176] V, 3.12 */
	200, 0x00, 0, 10,				/* next: a payload that is not known */
	'v', 'e', 'n', 'd', 'o', 'r',

	/* [186] payload 200, not critical; its reserved bits are */
	41, 0x7f, 0, 6,
	0xff, 0xff,

	/* [192] N(IKEV2_FRAGMENTATION_SUPPORTED) */
	41, 0x00, 0, 8,
	0, 0, 0x40, 0x2e,

	/* [200] N(REKEY_SA) of ESP, which does not belong here: not for us to see */
	0, 0x00, 0, 36,
	3, 4, 0x40, 0x09,				/* ESP, SPI of 4 octets, 16393 */
	0xca, 0xfe, 0xba, 0xbe,
	'd', 'a', 't', 'a', 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

/* Whether the hand-written message is refused, were @octet @value. */
static bool refused(FIXTURE_DATA(wire) *self, size_t octet, uint8_t value)
{
	uint8_t data[sizeof(sa_init)];

	memcpy(data, sa_init, sizeof(data));
	data[octet] = value;
	return !message(self, data, sizeof(data));
}

TEST_F(wire, hand_written)
{
	const struct ike_payload *p;
	const struct ike_proposal *a;

	ASSERT_TRUE(message(self, sa_init, sizeof(sa_init)))
		TH_LOG("octet %zu: %s", self->fault.offset,
		       ike_wire_error_text(self->fault.error));
	EXPECT_EQ(IKE_WIRE_OK, self->fault.error);
	EXPECT_EQ(0, memcmp(self->h.spi_i, sa_init, 8));
	EXPECT_EQ(0, memcmp(self->h.spi_r, sa_init + 8, 8));
	EXPECT_EQ(IKE_PAYLOAD_SA, self->h.next);
	EXPECT_EQ(2, self->h.major);
	EXPECT_EQ(0, self->h.minor);
	EXPECT_EQ(IKE_EXCHANGE_IKE_SA_INIT, self->h.exchange);
	EXPECT_EQ(IKE_FLAG_INITIATOR, self->h.flags);
	EXPECT_EQ(0, self->h.message_id);
	EXPECT_EQ(236, self->h.length);
	ASSERT_EQ(7, self->p.n);
	EXPECT_EQ(1, self->p.n_skipped);

	p = &self->p.items[0];
	EXPECT_EQ(IKE_PAYLOAD_SA, p->type);
	EXPECT_EQ(28, p->offset);
	EXPECT_EQ(84, p->body.len);
	ASSERT_TRUE(ike_sa_read(p, &self->sa));
	ASSERT_EQ(2, self->sa.n);
	EXPECT_EQ(0, self->sa.n_left_out);
	a = &self->sa.proposals[0];
	EXPECT_EQ(1, a->number);
	EXPECT_EQ(IKE_PROTOCOL_IKE, a->protocol);
	EXPECT_EQ(0, a->spi_len);
	ASSERT_EQ(4, a->n);
	EXPECT_EQ(IKE_TRANSFORM_ENCR, a->transforms[0].type);
	EXPECT_EQ(12, a->transforms[0].id);
	EXPECT_EQ(256, a->transforms[0].key_bits);
	EXPECT_FALSE(a->transforms[0].unknown);
	EXPECT_EQ(IKE_TRANSFORM_INTEG, a->transforms[1].type);
	EXPECT_EQ(12, a->transforms[1].id);
	EXPECT_EQ(0, a->transforms[1].key_bits);
	EXPECT_EQ(IKE_TRANSFORM_PRF, a->transforms[2].type);
	EXPECT_EQ(5, a->transforms[2].id);
	EXPECT_EQ(IKE_TRANSFORM_DH, a->transforms[3].type);
	EXPECT_EQ(31, a->transforms[3].id);
	a = &self->sa.proposals[1];
	EXPECT_EQ(2, a->number);
	ASSERT_EQ(3, a->n);
	EXPECT_EQ(20, a->transforms[0].id);
	EXPECT_EQ(128, a->transforms[0].key_bits);
	EXPECT_TRUE(a->transforms[0].unknown);
	EXPECT_FALSE(a->transforms[1].unknown);

	p = &self->p.items[1];
	EXPECT_EQ(p, ike_payload_find(&self->p, IKE_PAYLOAD_KE));
	EXPECT_EQ(116, p->offset);
	EXPECT_EQ(31, p->ke.group);
	EXPECT_OCTETS(p->ke.data, 0xde, 0xad, 0xbe, 0xef);

	p = &self->p.items[2];
	EXPECT_EQ(IKE_PAYLOAD_NONCE, p->type);
	EXPECT_OCTETS(p->body, NONCE16);

	p = ike_payload_find_notify(&self->p, IKE_NOTIFY_NAT_DETECTION_SOURCE_IP);
	ASSERT_EQ(&self->p.items[3], p);
	EXPECT_EQ(p, ike_payload_find(&self->p, IKE_PAYLOAD_NOTIFY));
	EXPECT_EQ(0, p->notify.protocol);
	EXPECT_EQ(0, p->notify.spi.len);
	EXPECT_EQ(20, p->notify.data.len);
	EXPECT_EQ(1, p->notify.data.data[0]);

	p = ike_payload_find(&self->p, IKE_PAYLOAD_VENDOR);
	ASSERT_EQ(&self->p.items[4], p);
	EXPECT_OCTETS(p->body, 'v', 'e', 'n', 'd', 'o', 'r');

	p = ike_payload_find_notify(&self->p, IKE_NOTIFY_IKEV2_FRAGMENTATION_SUPPORTED);
	ASSERT_EQ(&self->p.items[5], p);
	EXPECT_EQ(192, p->offset);
	EXPECT_EQ(0, p->notify.data.len);

	p = ike_payload_find_notify(&self->p, IKE_NOTIFY_REKEY_SA);
	ASSERT_EQ(&self->p.items[6], p);
	EXPECT_EQ(IKE_PROTOCOL_ESP, p->notify.protocol);
	EXPECT_OCTETS(p->notify.spi, 0xca, 0xfe, 0xba, 0xbe);
	EXPECT_EQ(24, p->notify.data.len);

	EXPECT_EQ(NULL, ike_payload_find(&self->p, IKE_PAYLOAD_SK));
	EXPECT_EQ(NULL, ike_payload_find_notify(&self->p, IKE_NOTIFY_COOKIE));
}

/* The same, as far as it can be written, has the same octets. */
TEST_F(wire, written_by_hand)
{
	static const struct ike_transform first[] = {
		{ .type = 1, .id = 12, .key_bits = 256 }, { .type = 3, .id = 12 },
		{ .type = 2, .id = 5 }, { .type = 4, .id = 31 },
	};
	struct ike_proposal proposal = { .number = 1, .protocol = IKE_PROTOCOL_IKE, .n = 4 };
	uint8_t want[sizeof(sa_init)];
	size_t len = 0;

	memcpy(proposal.transforms, first, sizeof(first));
	memcpy(want, sa_init, 28);
	/* proposal 1, now the last one */
	memcpy(want + 28, sa_init + 28, 48);
	want[31] = 48;
	want[32] = 0;
	/* KE not critical, nonce, NAT_DETECTION_SOURCE_IP, V as the last one */
	memcpy(want + 76, sa_init + 116, 70);
	want[77] = 0;
	want[27] = 76 + 70;
	want[136] = 0;

	memset(&self->h, 0, sizeof(self->h));
	memcpy(self->h.spi_i, sa_init, 8);
	self->h.exchange = IKE_EXCHANGE_IKE_SA_INIT;
	self->h.flags = IKE_FLAG_INITIATOR | IKE_FLAG_VERSION;
	ike_message_start(&self->w, self->out, sizeof(self->out), &self->h);
	ike_write_sa(&self->w, &proposal, 1);
	ike_write_ke(&self->w, 31, CHUNK(0xde, 0xad, 0xbe, 0xef));
	ike_write_nonce(&self->w, CHUNK(NONCE16));
	ike_write_notify(&self->w, IKE_NOTIFY_NAT_DETECTION_SOURCE_IP,
			 (struct ike_chunk){ sa_init + 156, 20 });
	ike_write_vendor(&self->w, CHUNK('v', 'e', 'n', 'd', 'o', 'r'));
	len = ike_message_end(&self->w);
	ASSERT_EQ(146, len);
	EXPECT_EQ(0, memcmp(want, self->out, len));
}

TEST_F(wire, header)
{
	uint8_t data[sizeof(sa_init)];

	EXPECT_FALSE(message(self, sa_init, 27));
	EXPECT_FAULT(IKE_WIRE_SHORT, 27, 0);
	EXPECT_FALSE(ike_message_parse(&self->h, &self->p, NULL, 0, &self->fault));
	EXPECT_FAULT(IKE_WIRE_SHORT, 0, 0);

	EXPECT_TRUE(refused(self, 27, 235));
	EXPECT_FAULT(IKE_WIRE_LENGTH, 24, 0);
	EXPECT_TRUE(refused(self, 27, 237));
	EXPECT_FAULT(IKE_WIRE_LENGTH, 24, 0);
	EXPECT_TRUE(refused(self, 24, 1));
	EXPECT_FAULT(IKE_WIRE_LENGTH, 24, 0);

	/* who is to be answered is known all the same */
	EXPECT_TRUE(refused(self, 17, 0x30));
	EXPECT_FAULT(IKE_WIRE_VERSION, 17, 0);
	EXPECT_EQ(3, self->h.major);
	EXPECT_EQ(0x11, self->h.spi_i[0]);
	EXPECT_TRUE(refused(self, 17, 0x10));
	EXPECT_FAULT(IKE_WIRE_VERSION, 17, 0);
	/* the minor version and reserved flags say nothing */
	EXPECT_FALSE(refused(self, 17, 0x2f));
	EXPECT_EQ(15, self->h.minor);
	EXPECT_FALSE(refused(self, 19, 0xff));
	EXPECT_EQ(IKE_FLAG_INITIATOR | IKE_FLAG_VERSION | IKE_FLAG_RESPONSE, self->h.flags);
	EXPECT_FALSE(refused(self, 18, 99));

	memcpy(data, sa_init, sizeof(data));
	memset(data, 0, 8);
	EXPECT_FALSE(message(self, data, sizeof(data)));
	EXPECT_FAULT(IKE_WIRE_SPI, 0, 0);

	memcpy(data, sa_init, 28);
	data[27] = 28;
	data[16] = 0;
	EXPECT_FALSE(message(self, data, 28));
	EXPECT_FAULT(IKE_WIRE_EMPTY, 16, 0);
	/* but the header alone is one */
	EXPECT_TRUE(ike_header_parse(&self->h, data, 28, &self->fault));
}

/* Cut off anywhere, whether the header tells the truth or not. */
TEST_F(wire, cut_off)
{
	uint8_t data[sizeof(sa_init)];
	size_t len;

	for (len = 0; len < sizeof(sa_init); len++) {
		EXPECT_FALSE(message(self, sa_init, len));
		memcpy(data, sa_init, sizeof(data));
		data[27] = (uint8_t)len;
		EXPECT_FALSE(message(self, data, len));
		EXPECT_LE(self->fault.offset, len);
		if (len > 28)
			EXPECT_NE(0, self->fault.payload);
	}
}

TEST_F(wire, chain_of_payloads)
{
	EXPECT_TRUE(chain(self, 0, (struct ike_chunk){ sa_init, 0 }));
	EXPECT_EQ(0, self->p.n);
	EXPECT_TRUE(ike_payloads_parse(&self->p, 0, NULL, 0, &self->fault));
	EXPECT_FALSE(ike_payloads_parse(&self->p, 43, NULL, 0, &self->fault));
	EXPECT_FAULT(IKE_WIRE_PAYLOAD_MISSING, 0, 43);

	/* announced by the one before */
	EXPECT_FALSE(chain(self, 43, CHUNK(41, 0, 0, 4)));
	EXPECT_FAULT(IKE_WIRE_PAYLOAD_MISSING, 4, 41);
	EXPECT_EQ(1, self->p.n);
	EXPECT_FALSE(chain(self, 43, CHUNK(41, 0, 0, 4, 0, 0, 0)));
	EXPECT_FAULT(IKE_WIRE_PAYLOAD_LENGTH, 4, 41);
	/* a length that would not get on, and one that gets too far */
	EXPECT_FALSE(chain(self, 43, CHUNK(0, 0, 0, 3)));
	EXPECT_FAULT(IKE_WIRE_PAYLOAD_LENGTH, 2, 43);
	EXPECT_FALSE(chain(self, 200, CHUNK(200, 0, 0, 0)));
	EXPECT_FAULT(IKE_WIRE_PAYLOAD_LENGTH, 2, 200);
	EXPECT_FALSE(chain(self, 43, CHUNK(0, 0, 0, 6, 1)));
	EXPECT_FAULT(IKE_WIRE_PAYLOAD_LENGTH, 2, 43);
	EXPECT_FALSE(chain(self, 43, CHUNK(0, 0, 0xff, 0xff, 1)));
	EXPECT_FAULT(IKE_WIRE_PAYLOAD_LENGTH, 2, 43);
	EXPECT_FALSE(chain(self, 43, CHUNK(0, 0, 0, 5, 1, 2)));
	EXPECT_FAULT(IKE_WIRE_TRAILING, 5, 43);
	EXPECT_FALSE(chain(self, 0, CHUNK(0)));
	EXPECT_FAULT(IKE_WIRE_TRAILING, 0, 0);
}

/* RFC 7296 section 2.5 */
TEST_F(wire, critical)
{
	EXPECT_FALSE(chain(self, 43, CHUNK(201, 0, 0, 5, 1,  0, 0x80, 0, 4)));
	EXPECT_FAULT(IKE_WIRE_CRITICAL, 5, 201);
	/* payloads of IKEv1, and those of groups, are not known, either */
	EXPECT_FALSE(chain(self, 1, CHUNK(0, 0x80, 0, 4)));
	EXPECT_FAULT(IKE_WIRE_CRITICAL, 0, 1);
	EXPECT_FALSE(chain(self, 50, CHUNK(0, 0x80, 0, 4)));
	EXPECT_FAULT(IKE_WIRE_CRITICAL, 0, 50);
	EXPECT_TRUE(chain(self, 201, CHUNK(255, 0x7f, 0, 5, 1,  43, 0, 0, 4,  0, 0xff, 0, 4)));
	EXPECT_EQ(2, self->p.n_skipped);
	EXPECT_EQ(1, self->p.n);
	EXPECT_EQ(9, self->p.items[0].offset);
}

TEST_F(wire, twice)
{
	static const struct {
		uint8_t type, len;
		bool often;
		uint8_t body[24];
	} payloads[] = {
		{ IKE_PAYLOAD_SA, 16, false, { 0, 0, 0, 16, 1, 1, 0, 1, 0, 0, 0, 8, 1, 0, 0, 20 } },
		{ IKE_PAYLOAD_KE, 5, false },
		{ IKE_PAYLOAD_IDI, 4, false },
		{ IKE_PAYLOAD_IDR, 4, false },
		{ IKE_PAYLOAD_CERT, 2, true },
		{ IKE_PAYLOAD_CERTREQ, 1, true },
		{ IKE_PAYLOAD_AUTH, 5, false },
		{ IKE_PAYLOAD_NONCE, 16, false },
		{ IKE_PAYLOAD_NOTIFY, 4, true },
		{ IKE_PAYLOAD_DELETE, 4, true, { 1, 0, 0, 0 } },
		{ IKE_PAYLOAD_VENDOR, 0, true },
		{ IKE_PAYLOAD_TSI, 20, false, { 1, 0, 0, 0, 7, 0, 0, 16 } },
		{ IKE_PAYLOAD_TSR, 20, false, { 1, 0, 0, 0, 7, 0, 0, 16 } },
		{ IKE_PAYLOAD_CP, 4, false },
		{ IKE_PAYLOAD_EAP, 0, false },
	};
	uint8_t data[64];
	size_t i, len;

	for (i = 0; i < sizeof(payloads) / sizeof(*payloads); i++) {
		len = 4 + payloads[i].len;
		memset(data, 0, sizeof(data));
		data[0] = payloads[i].type;
		data[3] = data[len + 3] = len;
		memcpy(data + 4, payloads[i].body, payloads[i].len);
		memcpy(data + len + 4, payloads[i].body, payloads[i].len);
		EXPECT_EQ(payloads[i].often, chain(self, payloads[i].type,
						   (struct ike_chunk){ data, 2 * len }))
			TH_LOG("payload %u", payloads[i].type);
		if (payloads[i].often) {
			EXPECT_EQ(2, self->p.n);
		} else {
			EXPECT_FAULT(IKE_WIRE_TWICE, len, payloads[i].type);
		}
	}
}

TEST_F(wire, too_many)
{
	uint8_t data[4 * (IKE_PAYLOADS_MAX + 1)];
	size_t i;

	for (i = 0; i <= IKE_PAYLOADS_MAX; i++)
		memcpy(data + 4 * i, (uint8_t [4]){ 43, 0, 0, 4 }, 4);
	data[4 * IKE_PAYLOADS_MAX] = 0;
	EXPECT_FALSE(chain(self, 43, (struct ike_chunk){ data, sizeof(data) }));
	EXPECT_FAULT(IKE_WIRE_TOO_MANY, 4 * IKE_PAYLOADS_MAX, 43);
	EXPECT_TRUE(chain(self, 43, (struct ike_chunk){ data + 4, sizeof(data) - 4 }));
	EXPECT_EQ(IKE_PAYLOADS_MAX, self->p.n);
	/* those that are not known do not count */
	data[0] = 200;
	for (i = 1; i < IKE_PAYLOADS_MAX; i++)
		data[4 * i] = 200;
	EXPECT_TRUE(chain(self, 43, (struct ike_chunk){ data, sizeof(data) }));
	EXPECT_EQ(IKE_PAYLOADS_MAX, self->p.n_skipped);
}

static const uint8_t sealed[] = {
	0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88,
	0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x01,
	46, 0x20, 37, 0x20,			/* SK, version 2.0, INFORMATIONAL, response */
	0, 0, 1, 2,				/* message ID 258 */
	0, 0, 0, 46,
	42, 0, 0, 18,				/* inside is D */
	'i', 'v', 'i', 'v',
	't', 'e', 'x', 't', 0,
	'i', 'c', 'v', '!', '!',
};

TEST_F(wire, encrypted)
{
	struct ike_chunk iv, text, icv;
	uint8_t data[sizeof(sealed) + 1];
	const struct ike_payload *p = &self->p.items[0];

	ASSERT_TRUE(message(self, sealed, sizeof(sealed)));
	ASSERT_EQ(1, self->p.n);
	EXPECT_EQ(258, self->h.message_id);
	EXPECT_EQ(IKE_FLAG_RESPONSE, self->h.flags);
	EXPECT_EQ(IKE_PAYLOAD_DELETE, p->encrypted.first);
	EXPECT_EQ(0, p->encrypted.fragment);
	EXPECT_EQ(self->data, p->encrypted.clear.data);
	EXPECT_EQ(32, p->encrypted.clear.len);
	ASSERT_TRUE(ike_encrypted_split(p, 4, 5, &iv, &text, &icv));
	EXPECT_OCTETS(iv, 'i', 'v', 'i', 'v');
	EXPECT_OCTETS(text, 't', 'e', 'x', 't', 0);
	EXPECT_OCTETS(icv, 'i', 'c', 'v', '!', '!');
	/* one octet at least is encrypted */
	EXPECT_TRUE(ike_encrypted_split(p, 4, 9, &iv, &text, &icv));
	EXPECT_FALSE(ike_encrypted_split(p, 4, 10, &iv, &text, &icv));
	EXPECT_FALSE(ike_encrypted_split(p, 14, 0, &iv, &text, &icv));
	EXPECT_FALSE(ike_encrypted_split(p, 1000, 0, &iv, &text, &icv));
	EXPECT_FALSE(ike_encrypted_split(p, 0, SIZE_MAX, &iv, &text, &icv));

	/* nothing follows it, whatever type would */
	memcpy(data, sealed, sizeof(sealed));
	data[sizeof(sealed)] = 0;
	data[27]++;
	EXPECT_FALSE(message(self, data, sizeof(data)));
	EXPECT_FAULT(IKE_WIRE_TRAILING, sizeof(sealed), IKE_PAYLOAD_SK);
	/* nor is it inside of one */
	EXPECT_FALSE(chain(self, IKE_PAYLOAD_SK, CHUNK(0, 0, 0, 5, 1)));
	EXPECT_FAULT(IKE_WIRE_NESTED, 0, IKE_PAYLOAD_SK);
	EXPECT_FALSE(chain(self, 43, CHUNK(53, 0, 0, 4, 0, 0, 0, 9, 0, 1, 0, 1, 7)));
	EXPECT_FAULT(IKE_WIRE_NESTED, 4, IKE_PAYLOAD_SKF);

	/* no padding's length */
	memcpy(data, sealed, 32);
	data[27] = 32;
	data[31] = 4;
	EXPECT_FALSE(message(self, data, 32));
	EXPECT_FAULT(IKE_WIRE_BODY, 32, IKE_PAYLOAD_SK);
}

static bool fragment(FIXTURE_DATA(wire) *self, struct ike_chunk body)
{
	uint8_t data[64];

	memcpy(data, sealed, 32);
	data[16] = IKE_PAYLOAD_SKF;
	data[27] = 32 + body.len;
	data[31] = 4 + body.len;
	memcpy(data + 32, body.data, body.len);
	return message(self, data, 32 + body.len);
}

/* RFC 7383 section 2.6 */
TEST_F(wire, fragments)
{
	const struct ike_payload *p = &self->p.items[0];

	EXPECT_FALSE(fragment(self, CHUNK(0, 0, 0, 1, 7)));
	EXPECT_FAULT(IKE_WIRE_FRAGMENT, 32, IKE_PAYLOAD_SKF);
	EXPECT_FALSE(fragment(self, CHUNK(0, 0, 0, 0, 7)));
	EXPECT_FAULT(IKE_WIRE_FRAGMENT, 32, IKE_PAYLOAD_SKF);
	EXPECT_FALSE(fragment(self, CHUNK(0, 3, 0, 2, 7)));
	EXPECT_FAULT(IKE_WIRE_FRAGMENT, 32, IKE_PAYLOAD_SKF);
	EXPECT_FALSE(fragment(self, CHUNK(0, 1, 0)));
	EXPECT_FAULT(IKE_WIRE_BODY, 32, IKE_PAYLOAD_SKF);
	EXPECT_FALSE(fragment(self, CHUNK(0, 1, 0, 1)));
	EXPECT_FAULT(IKE_WIRE_BODY, 36, IKE_PAYLOAD_SKF);
	ASSERT_TRUE(fragment(self, CHUNK(1, 2, 1, 3, 7, 8)));
	EXPECT_EQ(0x102, p->encrypted.fragment);
	EXPECT_EQ(0x103, p->encrypted.n_fragments);
	EXPECT_EQ(36, p->encrypted.clear.len);
	EXPECT_OCTETS(p->encrypted.content, 7, 8);
}

TEST_F(wire, write_sealed)
{
	struct ike_room seal;
	size_t len;

	ASSERT_TRUE(message(self, sealed, sizeof(sealed)));
	ike_message_start(&self->w, self->out, sizeof(self->out), &self->h);
	len = ike_leave_encrypted(&self->w, IKE_PAYLOAD_DELETE, 4, 5, 5, &seal);
	ASSERT_EQ(sizeof(sealed), len);
	EXPECT_EQ(32, seal.iv);
	EXPECT_EQ(36, seal.text);
	EXPECT_EQ(41, seal.icv);
	EXPECT_EQ(46, seal.end);
	EXPECT_EQ(0, memcmp(sealed, self->out, 32));
	memcpy(self->out + seal.iv, "iviv", 4);
	memcpy(self->out + seal.text, "text", 5);
	memcpy(self->out + seal.icv, "icv!!", 5);
	EXPECT_EQ(0, memcmp(sealed, self->out, len));
	/* that was the end */
	ike_write_vendor(&self->w, CHUNK(1));
	EXPECT_EQ(0, ike_message_end(&self->w));

	ike_message_start(&self->w, self->out, sizeof(self->out), &self->h);
	len = ike_leave_fragment(&self->w, IKE_PAYLOAD_IDI, 2, 3, 1, 2, 3, &seal);
	ASSERT_EQ(42, len);
	EXPECT_EQ(36, seal.iv);
	EXPECT_EQ(37, seal.text);
	EXPECT_EQ(39, seal.icv);
	EXPECT_EQ(42, seal.end);
	ASSERT_TRUE(message(self, self->out, len));
	EXPECT_EQ(0, self->p.items[0].encrypted.first);
	EXPECT_EQ(2, self->p.items[0].encrypted.fragment);
	EXPECT_EQ(3, self->p.items[0].encrypted.n_fragments);

	ike_message_start(&self->w, self->out, sizeof(self->out), &self->h);
	ike_write_vendor(&self->w, CHUNK(1));
	len = ike_leave_fragment(&self->w, IKE_PAYLOAD_IDI, 1, 3, 1, 2, 3, &seal);
	ASSERT_EQ(47, len);
	ASSERT_TRUE(message(self, self->out, len));
	ASSERT_EQ(2, self->p.n);
	EXPECT_EQ(IKE_PAYLOAD_IDI, self->p.items[1].encrypted.first);
}

TEST_F(wire, write_chain)
{
	static const struct ike_selector ts = {
		.family = AF_INET, .last_port = 65535, .first = { 10, 0, 0, 0 },
		.last = { 10, 0, 0, 255 },
	};
	struct ike_chunk all, none = {};
	uint8_t first;

	ike_chain_start(&self->w, self->out, sizeof(self->out));
	ASSERT_TRUE(ike_chain_end(&self->w, &first, &all));
	EXPECT_EQ(IKE_PAYLOAD_NONE, first);
	EXPECT_EQ(0, all.len);

	ike_write_id(&self->w, IKE_PAYLOAD_IDI, IKE_ID_FQDN, CHUNK('a', 'b'));
	EXPECT_OCTETS(ike_payload_last(&self->w), 2, 0, 0, 0, 'a', 'b');
	ike_write_cert(&self->w, IKE_CERT_X509_SIGNATURE, CHUNK(0x30));
	ike_write_certreq(&self->w, IKE_CERT_X509_SIGNATURE, none);
	ike_write_auth(&self->w, IKE_AUTH_PSK, CHUNK(9));
	ike_write_ts(&self->w, IKE_PAYLOAD_TSI, &ts, 1);
	ike_write_delete(&self->w, IKE_PROTOCOL_IKE, none);
	ike_write_delete(&self->w, IKE_PROTOCOL_ESP, CHUNK(1, 2, 3, 4));
	ike_write_notify_sa(&self->w, IKE_NOTIFY_REKEY_SA, IKE_PROTOCOL_ESP, CHUNK(1, 2, 3, 4),
			    none);
	ike_write_cp(&self->w, IKE_CP_REPLY, CHUNK(0, 1, 0, 0));
	ike_write_eap(&self->w, CHUNK(3, 1, 0, 4));
	ASSERT_TRUE(ike_chain_end(&self->w, &first, &all));
	EXPECT_EQ(IKE_PAYLOAD_IDI, first);
	EXPECT_OCTETS(all,
		      37, 0, 0, 10, 2, 0, 0, 0, 'a', 'b',
		      38, 0, 0, 6, 4, 0x30,
		      39, 0, 0, 5, 4,
		      44, 0, 0, 9, 2, 0, 0, 0, 9,
		      42, 0, 0, 24, 1, 0, 0, 0,
		      7, 0, 0, 16, 0, 0, 0xff, 0xff, 10, 0, 0, 0, 10, 0, 0, 255,
		      42, 0, 0, 8, 1, 0, 0, 0,
		      41, 0, 0, 12, 3, 4, 0, 1, 1, 2, 3, 4,
		      47, 0, 0, 12, 3, 4, 0x40, 9, 1, 2, 3, 4,
		      48, 0, 0, 12, 2, 0, 0, 0, 0, 1, 0, 0,
		      0, 0, 0, 8, 3, 1, 0, 4);
}

/* Written on its own, a thing that cannot be fails for good. */
#define EXPECT_UNWRITTEN(what)							\
	do {									\
		ike_message_start(&self->w, big, sizeof(big), &self->h);	\
		ike_write_vendor(&self->w, CHUNK(1));				\
		what;								\
		EXPECT_TRUE(self->w.failed);					\
		ike_write_vendor(&self->w, CHUNK(1));				\
		EXPECT_EQ(0, ike_message_end(&self->w));			\
		EXPECT_EQ(0, ike_payload_last(&self->w).len);			\
	} while (0)

TEST_F(wire, cannot_be_written)
{
	static uint8_t big[1 << 18], zero[1 << 18];
	struct ike_proposal p = { .number = 1, .protocol = IKE_PROTOCOL_IKE };
	struct ike_selector ts[256] = {};
	struct ike_room seal;
	struct ike_chunk all;
	uint8_t first;

	EXPECT_UNWRITTEN(ike_write8(&self->w, 1));
	EXPECT_UNWRITTEN(ike_payload_end(&self->w));
	EXPECT_UNWRITTEN((ike_payload_start(&self->w, 43), ike_payload_start(&self->w, 43)));
	EXPECT_UNWRITTEN(ike_payload_start(&self->w, 0));
	EXPECT_UNWRITTEN(ike_write_nonce(&self->w, (struct ike_chunk){ zero, 15 }));
	EXPECT_UNWRITTEN(ike_write_nonce(&self->w, (struct ike_chunk){ zero, 257 }));
	EXPECT_UNWRITTEN(ike_write_vendor(&self->w, (struct ike_chunk){ zero, 65532 }));
	EXPECT_UNWRITTEN(ike_write_sa(&self->w, &p, 0));
	EXPECT_UNWRITTEN(ike_write_sa(&self->w, &p, 1));
	p.n = 1;
	p.transforms[0].unknown = 1;
	EXPECT_UNWRITTEN(ike_write_sa(&self->w, &p, 1));
	p.transforms[0].unknown = 0;
	p.spi_len = 9;
	EXPECT_UNWRITTEN(ike_write_sa(&self->w, &p, 1));
	EXPECT_UNWRITTEN(ike_write_ts(&self->w, IKE_PAYLOAD_TSI, ts, 0));
	EXPECT_UNWRITTEN(ike_write_ts(&self->w, IKE_PAYLOAD_TSI, ts, 256));
	EXPECT_UNWRITTEN(ike_write_delete(&self->w, IKE_PROTOCOL_IKE, CHUNK(1, 2, 3, 4)));
	EXPECT_UNWRITTEN(ike_write_delete(&self->w, IKE_PROTOCOL_ESP, CHUNK(1, 2, 3)));
	EXPECT_UNWRITTEN(ike_write_notify_sa(&self->w, 11, 9, (struct ike_chunk){ zero, 256 },
					     CHUNK(1)));
	EXPECT_UNWRITTEN(ike_leave_encrypted(&self->w, 0, 8, 0, 16, &seal));
	EXPECT_UNWRITTEN(ike_leave_encrypted(&self->w, 0, SIZE_MAX, 1, 1, &seal));
	EXPECT_UNWRITTEN(ike_leave_encrypted(&self->w, 0, 8, 65535, 16, &seal));
	EXPECT_UNWRITTEN(ike_leave_fragment(&self->w, 0, 0, 1, 8, 1, 16, &seal));
	EXPECT_UNWRITTEN(ike_leave_fragment(&self->w, 0, 3, 2, 8, 1, 16, &seal));

	/* a message without a payload; the end of what is no message, and the reverse */
	ike_message_start(&self->w, big, sizeof(big), &self->h);
	EXPECT_EQ(0, ike_message_end(&self->w));
	EXPECT_FALSE(ike_chain_end(&self->w, &first, &all));
	ike_chain_start(&self->w, big, sizeof(big));
	EXPECT_EQ(0, ike_leave_encrypted(&self->w, 0, 8, 1, 16, &seal));
	EXPECT_FALSE(ike_chain_end(&self->w, &first, &all));
	/* a payload that was not ended */
	ike_chain_start(&self->w, big, sizeof(big));
	ike_payload_start(&self->w, IKE_PAYLOAD_VENDOR);
	EXPECT_FALSE(ike_chain_end(&self->w, &first, &all));
	ike_payload_end(&self->w);
	EXPECT_TRUE(ike_chain_end(&self->w, &first, &all));
	/* the longest that can be */
	ike_write_vendor(&self->w, (struct ike_chunk){ zero, 65531 });
	EXPECT_TRUE(ike_chain_end(&self->w, &first, &all));
	ASSERT_TRUE(ike_payloads_parse(&self->p, first, all.data, all.len, &self->fault));
	EXPECT_EQ(65531, self->p.items[1].body.len);
}

TEST_F(wire, names)
{
	char buf[IKE_NAME_LEN];
	int i, j;

	EXPECT_STREQ("IKE_SA_INIT", ike_exchange_text(buf, 34));
	EXPECT_STREQ("exchange 33", ike_exchange_text(buf, 33));
	EXPECT_STREQ("Nonce", ike_payload_text(buf, 40));
	EXPECT_STREQ("SKF", ike_payload_text(buf, 53));
	EXPECT_STREQ("GSPM", ike_payload_text(buf, 49));
	EXPECT_STREQ("payload 200", ike_payload_text(buf, 200));
	EXPECT_STREQ("NO_PROPOSAL_CHOSEN", ike_notify_text(buf, 14));
	EXPECT_STREQ("IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED", ike_notify_text(buf, 16421));
	EXPECT_STREQ("NO_PPK_AUTH", ike_notify_text(buf, 16437));
	EXPECT_STREQ("error 16383", ike_notify_text(buf, 16383));
	EXPECT_STREQ("status 65535", ike_notify_text(buf, 65535));
	EXPECT_TRUE(ike_notify_is_error(16383));
	EXPECT_FALSE(ike_notify_is_error(16384));

	for (i = IKE_WIRE_OK; i <= IKE_WIRE_FRAGMENT; i++)
		for (j = i + 1; j <= IKE_WIRE_FRAGMENT + 1; j++)
			EXPECT_STRNE(ike_wire_error_text(i), ike_wire_error_text(j));
}

TEST_HARNESS_MAIN
