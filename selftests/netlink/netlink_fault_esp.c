// SPDX-License-Identifier: GPL-2.0
/* Requests about ESP whose allocations fail. */
#include <arpa/inet.h>

#include "netlink_fault.h"
#include "netlink_talk.h"

#define LOCAL	"10.0.1.1"
#define PEER	"10.0.1.9"

static void put_addr(struct nlmsghdr *nlh, uint16_t type, const char *text)
{
	uint32_t addr = inet_addr(text);

	mnl_attr_put(nlh, type, sizeof(addr), &addr);
}

/* AES-128-GCM and its salt. */
static void put_key(struct nlmsghdr *nlh, uint16_t type)
{
	static const uint8_t key[20] = "not a secret at all";

	mnl_attr_put(nlh, type, sizeof(key), key);
}

static void put_rule(struct nlmsghdr *nlh, uint16_t protocol, uint32_t value)
{
	mnl_attr_put_u32(nlh, protocol, value);
	put_addr(nlh, protocol + 1, "10.1.0.0");
	put_addr(nlh, protocol + 2, "255.255.0.0");
	put_addr(nlh, protocol + 3, "10.2.0.0");
	put_addr(nlh, protocol + 4, "255.255.0.0");
}

static void put_session(struct nlmsghdr *nlh, uint16_t type, uint32_t spi)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	mnl_attr_put_u32(nlh, VPNHA_A_SESSION_KEY_SPI, spi);
	put_key(nlh, VPNHA_A_SESSION_KEY_CIPHER_KEY);
	mnl_attr_nest_end(nlh, nest);
}

static void put_map(struct nlmsghdr *nlh, const struct values *v)
{
	mnl_attr_put_u32(nlh, VPNHA_A_MAP_KIND,
			 v->spi ? VPNHA_MAP_KIND_MANUAL : VPNHA_MAP_KIND_ISAKMP);
	if (v->dynamic) {
		mnl_attr_put_strz(nlh, VPNHA_A_MAP_DYNAMIC, v->dynamic);
		return;
	}
	put_addr(nlh, VPNHA_A_MAP_PEER, PEER);
	mnl_attr_put_strz(nlh, VPNHA_A_MAP_TRANSFORM_SET, "t");
	mnl_attr_put_strz(nlh, VPNHA_A_MAP_ACL, "a");
	if (v->spi) {
		put_session(nlh, VPNHA_A_MAP_SESSION_KEY_IN, v->spi);
		put_session(nlh, VPNHA_A_MAP_SESSION_KEY_OUT, v->spi + 1);
	}
}

static void put_sa(struct nlmsghdr *nlh, const struct values *v)
{
	struct nlattr *nest;

	mnl_attr_put_strz(nlh, VPNHA_A_SA_IFNAME, "e1");
	mnl_attr_put_strz(nlh, VPNHA_A_SA_MAP, "m");
	mnl_attr_put_u32(nlh, VPNHA_A_SA_NUMBER, v->number);
	if (v->dynamic)
		mnl_attr_put_u32(nlh, VPNHA_A_SA_DYNAMIC_NUMBER, 1);
	put_addr(nlh, VPNHA_A_SA_SRC, v->out ? LOCAL : PEER);
	mnl_attr_put_u32(nlh, VPNHA_A_SA_CIPHER, VPNHA_ESP_CIPHER_AES_GCM);
	put_key(nlh, VPNHA_A_SA_CIPHER_KEY);
	nest = mnl_attr_nest_start(nlh, VPNHA_A_SA_SELECTOR);
	put_rule(nlh, VPNHA_A_SELECTOR_PROTOCOL, 0);
	mnl_attr_nest_end(nlh, nest);
}

/* Attributes of a request about ESP. */
void fault_put_esp(struct nlmsghdr *nlh, uint8_t cmd, const struct values *v)
{
	switch (cmd) {
	case VPNHA_CMD_TRANSFORM_SET_GET ... VPNHA_CMD_TRANSFORM_SET_DEL:
		mnl_attr_put_strz(nlh, VPNHA_A_TRANSFORM_SET_NAME, v->name);
		if (cmd == VPNHA_CMD_TRANSFORM_SET_NEW)
			mnl_attr_put_u32(nlh, VPNHA_A_TRANSFORM_SET_CIPHER,
					 VPNHA_ESP_CIPHER_AES_GCM);
		else if (cmd == VPNHA_CMD_TRANSFORM_SET_SET)
			mnl_attr_put_u32(nlh, VPNHA_A_TRANSFORM_SET_MODE,
					 VPNHA_ESP_MODE_TRANSPORT);
		break;
	case VPNHA_CMD_ACL_GET ... VPNHA_CMD_ACL_DEL:
		mnl_attr_put_strz(nlh, VPNHA_A_ACL_NAME, v->name);
		mnl_attr_put_u32(nlh, VPNHA_A_ACL_NUMBER, v->number);
		if (cmd == VPNHA_CMD_ACL_NEW)
			mnl_attr_put_u32(nlh, VPNHA_A_ACL_ACTION, VPNHA_ACL_ACTION_PERMIT);
		if (cmd == VPNHA_CMD_ACL_NEW || cmd == VPNHA_CMD_ACL_SET)
			put_rule(nlh, VPNHA_A_ACL_PROTOCOL, v->protocol);
		break;
	case VPNHA_CMD_MAP_KEY_GET:
	case VPNHA_CMD_MAP_GET ... VPNHA_CMD_MAP_DEL:
		mnl_attr_put_strz(nlh, VPNHA_A_MAP_NAME, v->name);
		mnl_attr_put_u32(nlh, VPNHA_A_MAP_NUMBER, v->number);
		if (cmd == VPNHA_CMD_MAP_NEW || cmd == VPNHA_CMD_MAP_SET)
			put_map(nlh, v);
		break;
	case VPNHA_CMD_DYNAMIC_MAP_GET ... VPNHA_CMD_DYNAMIC_MAP_DEL:
		mnl_attr_put_strz(nlh, VPNHA_A_MAP_NAME, v->name);
		mnl_attr_put_u32(nlh, VPNHA_A_MAP_NUMBER, v->number);
		if (cmd == VPNHA_CMD_DYNAMIC_MAP_NEW || cmd == VPNHA_CMD_DYNAMIC_MAP_SET)
			mnl_attr_put_strz(nlh, VPNHA_A_MAP_TRANSFORM_SET, "t");
		break;
	case VPNHA_CMD_BINDING_GET ... VPNHA_CMD_BINDING_DEL:
		mnl_attr_put_strz(nlh, VPNHA_A_BINDING_IFNAME, v->ifname);
		if (v->name)
			mnl_attr_put_strz(nlh, VPNHA_A_BINDING_MAP, v->name);
		break;
	case VPNHA_CMD_SA_KEY_GET:
	case VPNHA_CMD_SA_GET ... VPNHA_CMD_SA_DEL:
		mnl_attr_put_u32(nlh, VPNHA_A_SA_DIRECTION, v->out ?
				 VPNHA_ESP_DIRECTION_OUT : VPNHA_ESP_DIRECTION_IN);
		mnl_attr_put_u32(nlh, VPNHA_A_SA_SPI, v->spi);
		put_addr(nlh, VPNHA_A_SA_DST, v->out ? PEER : LOCAL);
		if (cmd == VPNHA_CMD_SA_NEW)
			put_sa(nlh, v);
		else if (cmd == VPNHA_CMD_SA_SET)
			mnl_attr_put_u64(nlh, VPNHA_A_SA_HARD_PACKETS, 1000);
		if (cmd == VPNHA_CMD_SA_SET && v->target)
			put_addr(nlh, VPNHA_A_SA_PEER, "10.0.0.77");
		break;
	}
}
