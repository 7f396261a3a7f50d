/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How values of the contract are written for people and in JSON. */
#ifndef VPNHA_TEXT_H
#define VPNHA_TEXT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TEXT_ADDRESS_LEN	INET_ADDRSTRLEN
#define TEXT_MAC_LEN		18
#define TEXT_TIME_LEN		32

/* U+2212, which typesetters put where the language has a hyphen. */
#define TEXT_MINUS_SIGN		"\xe2\x88\x92"

/* Phrases, as IOS prints them. */
const char *text_state(uint32_t state);
const char *text_redundancy_state(uint32_t state);
const char *text_init_reason(uint32_t reason);
const char *text_drop_reason(uint32_t reason);
const char *text_opcode(uint32_t opcode);
const char *text_event(uint32_t event);

/* Names of the specification, for JSON. */
const char *text_state_key(uint32_t state);
const char *text_init_reason_key(uint32_t reason);
const char *text_drop_reason_key(uint32_t reason);
const char *text_link_key(uint32_t link);
const char *text_opcode_key(uint32_t opcode);
const char *text_event_key(uint32_t event);
const char *text_debug_kind_key(uint32_t kind);

/* Those of crypto maps. */
const char *text_esp_drop_reason(uint32_t reason);
const char *text_esp_drop_reason_key(uint32_t reason);
const char *text_map_kind(uint32_t kind);
const char *text_map_problem(uint32_t problem);
const char *text_map_problem_key(uint32_t problem);
const char *text_binding_problem(uint32_t problem);
const char *text_binding_problem_key(uint32_t problem);
const char *text_df_bit(uint32_t df);
const char *text_reverse_route_key(uint32_t kind);
const char *text_route_state(uint32_t state);
const char *text_route_state_key(uint32_t state);
const char *text_port(uint16_t port);
bool text_parse_port(const char *s, uint32_t *port);
const char *text_role_key(uint32_t role);
const char *text_esp_mode_key(uint32_t mode);
const char *text_direction_key(uint32_t direction);
const char *text_sa_state_key(uint32_t state);
const char *text_sa_event_kind(uint32_t kind);
const char *text_sa_event_kind_key(uint32_t kind);
const char *text_expiry_cause_key(uint32_t cause);

const char *text_address(char buf[TEXT_ADDRESS_LEN], in_addr_t address);
bool text_parse_mac(const char *text, uint8_t mac[6]);
const char *text_mac_dotted(char buf[TEXT_MAC_LEN], const uint8_t mac[6]);
const char *text_mac(char buf[TEXT_MAC_LEN], const uint8_t mac[6]);
const char *text_age(char buf[TEXT_TIME_LEN], uint64_t ms);
const char *text_seconds(char buf[TEXT_TIME_LEN], uint64_t ms);
const char *text_interval(char buf[TEXT_TIME_LEN], uint32_t ms);

void text_sanitize(char *s);
bool text_parse_address(const char *s, in_addr_t *address);
bool text_parse_long(const char *s, uint64_t *number);
bool text_parse_number(const char *s, uint32_t *number);
const char *text_hex_digits(const char *s);
bool text_parse_spi(const char *s, uint32_t *spi);
const char *text_key_error(const char *s);
bool text_is_hex(const char *s);
size_t text_parse_hex(uint8_t *data, const char *s);
size_t text_parse_key(uint8_t *key, const char *s);
void text_write_hex(FILE *out, const uint8_t *data, size_t length);
bool text_is_word(const uint8_t *key, size_t length);
bool text_is_keyword(const uint8_t *key, size_t length, const char *const *words);
void text_mask_secrets(char *line);
const char *text_ifname_error(const char *s);
const char *text_vip_error(in_addr_t address);

#endif
