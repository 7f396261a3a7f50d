// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "ike/number.h"

/* No default in these: the compiler misses what has no name. */

static const char *exchange_name(enum ike_exchange exchange)
{
	switch (exchange) {
	case IKE_EXCHANGE_IKE_SA_INIT:
		return "IKE_SA_INIT";
	case IKE_EXCHANGE_IKE_AUTH:
		return "IKE_AUTH";
	case IKE_EXCHANGE_CREATE_CHILD_SA:
		return "CREATE_CHILD_SA";
	case IKE_EXCHANGE_INFORMATIONAL:
		return "INFORMATIONAL";
	case IKE_EXCHANGE_IKE_SESSION_RESUME:
		return "IKE_SESSION_RESUME";
	case IKE_EXCHANGE_GSA_AUTH:
		return "GSA_AUTH";
	case IKE_EXCHANGE_GSA_REGISTRATION:
		return "GSA_REGISTRATION";
	case IKE_EXCHANGE_GSA_REKEY:
		return "GSA_REKEY";
	case IKE_EXCHANGE_IKE_INTERMEDIATE:
		return "IKE_INTERMEDIATE";
	case IKE_EXCHANGE_IKE_FOLLOWUP_KE:
		return "IKE_FOLLOWUP_KE";
	}
	return NULL;
}

static const char *payload_name(enum ike_payload_type type)
{
	switch (type) {
	case IKE_PAYLOAD_NONE:
		return "none";
	case IKE_PAYLOAD_SA:
		return "SA";
	case IKE_PAYLOAD_KE:
		return "KE";
	case IKE_PAYLOAD_IDI:
		return "IDi";
	case IKE_PAYLOAD_IDR:
		return "IDr";
	case IKE_PAYLOAD_CERT:
		return "CERT";
	case IKE_PAYLOAD_CERTREQ:
		return "CERTREQ";
	case IKE_PAYLOAD_AUTH:
		return "AUTH";
	case IKE_PAYLOAD_NONCE:
		return "Nonce";
	case IKE_PAYLOAD_NOTIFY:
		return "N";
	case IKE_PAYLOAD_DELETE:
		return "D";
	case IKE_PAYLOAD_VENDOR:
		return "V";
	case IKE_PAYLOAD_TSI:
		return "TSi";
	case IKE_PAYLOAD_TSR:
		return "TSr";
	case IKE_PAYLOAD_SK:
		return "SK";
	case IKE_PAYLOAD_CP:
		return "CP";
	case IKE_PAYLOAD_EAP:
		return "EAP";
	case IKE_PAYLOAD_SKF:
		return "SKF";
	case IKE_PAYLOAD_GSPM:
		return "GSPM";
	case IKE_PAYLOAD_IDG:
		return "IDg";
	case IKE_PAYLOAD_GSA:
		return "GSA";
	case IKE_PAYLOAD_KD:
		return "KD";
	case IKE_PAYLOAD_PS:
		return "PS";
	}
	return NULL;
}

static const char *notify_name(enum ike_notify_type type)
{
	switch (type) {
	case IKE_NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD:
		return "UNSUPPORTED_CRITICAL_PAYLOAD";
	case IKE_NOTIFY_INVALID_IKE_SPI:
		return "INVALID_IKE_SPI";
	case IKE_NOTIFY_INVALID_MAJOR_VERSION:
		return "INVALID_MAJOR_VERSION";
	case IKE_NOTIFY_INVALID_SYNTAX:
		return "INVALID_SYNTAX";
	case IKE_NOTIFY_INVALID_MESSAGE_ID:
		return "INVALID_MESSAGE_ID";
	case IKE_NOTIFY_INVALID_SPI:
		return "INVALID_SPI";
	case IKE_NOTIFY_NO_PROPOSAL_CHOSEN:
		return "NO_PROPOSAL_CHOSEN";
	case IKE_NOTIFY_INVALID_KE_PAYLOAD:
		return "INVALID_KE_PAYLOAD";
	case IKE_NOTIFY_AUTHENTICATION_FAILED:
		return "AUTHENTICATION_FAILED";
	case IKE_NOTIFY_SINGLE_PAIR_REQUIRED:
		return "SINGLE_PAIR_REQUIRED";
	case IKE_NOTIFY_NO_ADDITIONAL_SAS:
		return "NO_ADDITIONAL_SAS";
	case IKE_NOTIFY_INTERNAL_ADDRESS_FAILURE:
		return "INTERNAL_ADDRESS_FAILURE";
	case IKE_NOTIFY_FAILED_CP_REQUIRED:
		return "FAILED_CP_REQUIRED";
	case IKE_NOTIFY_TS_UNACCEPTABLE:
		return "TS_UNACCEPTABLE";
	case IKE_NOTIFY_INVALID_SELECTORS:
		return "INVALID_SELECTORS";
	case IKE_NOTIFY_UNACCEPTABLE_ADDRESSES:
		return "UNACCEPTABLE_ADDRESSES";
	case IKE_NOTIFY_UNEXPECTED_NAT_DETECTED:
		return "UNEXPECTED_NAT_DETECTED";
	case IKE_NOTIFY_USE_ASSIGNED_HOA:
		return "USE_ASSIGNED_HOA";
	case IKE_NOTIFY_TEMPORARY_FAILURE:
		return "TEMPORARY_FAILURE";
	case IKE_NOTIFY_CHILD_SA_NOT_FOUND:
		return "CHILD_SA_NOT_FOUND";
	case IKE_NOTIFY_INVALID_GROUP_ID:
		return "INVALID_GROUP_ID";
	case IKE_NOTIFY_AUTHORIZATION_FAILED:
		return "AUTHORIZATION_FAILED";
	case IKE_NOTIFY_STATE_NOT_FOUND:
		return "STATE_NOT_FOUND";
	case IKE_NOTIFY_TS_MAX_QUEUE:
		return "TS_MAX_QUEUE";
	case IKE_NOTIFY_REGISTRATION_FAILED:
		return "REGISTRATION_FAILED";
	case IKE_NOTIFY_INITIAL_CONTACT:
		return "INITIAL_CONTACT";
	case IKE_NOTIFY_SET_WINDOW_SIZE:
		return "SET_WINDOW_SIZE";
	case IKE_NOTIFY_ADDITIONAL_TS_POSSIBLE:
		return "ADDITIONAL_TS_POSSIBLE";
	case IKE_NOTIFY_IPCOMP_SUPPORTED:
		return "IPCOMP_SUPPORTED";
	case IKE_NOTIFY_NAT_DETECTION_SOURCE_IP:
		return "NAT_DETECTION_SOURCE_IP";
	case IKE_NOTIFY_NAT_DETECTION_DESTINATION_IP:
		return "NAT_DETECTION_DESTINATION_IP";
	case IKE_NOTIFY_COOKIE:
		return "COOKIE";
	case IKE_NOTIFY_USE_TRANSPORT_MODE:
		return "USE_TRANSPORT_MODE";
	case IKE_NOTIFY_HTTP_CERT_LOOKUP_SUPPORTED:
		return "HTTP_CERT_LOOKUP_SUPPORTED";
	case IKE_NOTIFY_REKEY_SA:
		return "REKEY_SA";
	case IKE_NOTIFY_ESP_TFC_PADDING_NOT_SUPPORTED:
		return "ESP_TFC_PADDING_NOT_SUPPORTED";
	case IKE_NOTIFY_NON_FIRST_FRAGMENTS_ALSO:
		return "NON_FIRST_FRAGMENTS_ALSO";
	case IKE_NOTIFY_MOBIKE_SUPPORTED:
		return "MOBIKE_SUPPORTED";
	case IKE_NOTIFY_ADDITIONAL_IP4_ADDRESS:
		return "ADDITIONAL_IP4_ADDRESS";
	case IKE_NOTIFY_ADDITIONAL_IP6_ADDRESS:
		return "ADDITIONAL_IP6_ADDRESS";
	case IKE_NOTIFY_NO_ADDITIONAL_ADDRESSES:
		return "NO_ADDITIONAL_ADDRESSES";
	case IKE_NOTIFY_UPDATE_SA_ADDRESSES:
		return "UPDATE_SA_ADDRESSES";
	case IKE_NOTIFY_COOKIE2:
		return "COOKIE2";
	case IKE_NOTIFY_NO_NATS_ALLOWED:
		return "NO_NATS_ALLOWED";
	case IKE_NOTIFY_AUTH_LIFETIME:
		return "AUTH_LIFETIME";
	case IKE_NOTIFY_MULTIPLE_AUTH_SUPPORTED:
		return "MULTIPLE_AUTH_SUPPORTED";
	case IKE_NOTIFY_ANOTHER_AUTH_FOLLOWS:
		return "ANOTHER_AUTH_FOLLOWS";
	case IKE_NOTIFY_REDIRECT_SUPPORTED:
		return "REDIRECT_SUPPORTED";
	case IKE_NOTIFY_REDIRECT:
		return "REDIRECT";
	case IKE_NOTIFY_REDIRECTED_FROM:
		return "REDIRECTED_FROM";
	case IKE_NOTIFY_TICKET_LT_OPAQUE:
		return "TICKET_LT_OPAQUE";
	case IKE_NOTIFY_TICKET_REQUEST:
		return "TICKET_REQUEST";
	case IKE_NOTIFY_TICKET_ACK:
		return "TICKET_ACK";
	case IKE_NOTIFY_TICKET_NACK:
		return "TICKET_NACK";
	case IKE_NOTIFY_TICKET_OPAQUE:
		return "TICKET_OPAQUE";
	case IKE_NOTIFY_LINK_ID:
		return "LINK_ID";
	case IKE_NOTIFY_USE_WESP_MODE:
		return "USE_WESP_MODE";
	case IKE_NOTIFY_ROHC_SUPPORTED:
		return "ROHC_SUPPORTED";
	case IKE_NOTIFY_EAP_ONLY_AUTHENTICATION:
		return "EAP_ONLY_AUTHENTICATION";
	case IKE_NOTIFY_CHILDLESS_IKEV2_SUPPORTED:
		return "CHILDLESS_IKEV2_SUPPORTED";
	case IKE_NOTIFY_QUICK_CRASH_DETECTION:
		return "QUICK_CRASH_DETECTION";
	case IKE_NOTIFY_IKEV2_MESSAGE_ID_SYNC_SUPPORTED:
		return "IKEV2_MESSAGE_ID_SYNC_SUPPORTED";
	case IKE_NOTIFY_IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED:
		return "IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED";
	case IKE_NOTIFY_IKEV2_MESSAGE_ID_SYNC:
		return "IKEV2_MESSAGE_ID_SYNC";
	case IKE_NOTIFY_IPSEC_REPLAY_COUNTER_SYNC:
		return "IPSEC_REPLAY_COUNTER_SYNC";
	case IKE_NOTIFY_SECURE_PASSWORD_METHODS:
		return "SECURE_PASSWORD_METHODS";
	case IKE_NOTIFY_PSK_PERSIST:
		return "PSK_PERSIST";
	case IKE_NOTIFY_PSK_CONFIRM:
		return "PSK_CONFIRM";
	case IKE_NOTIFY_ERX_SUPPORTED:
		return "ERX_SUPPORTED";
	case IKE_NOTIFY_IFOM_CAPABILITY:
		return "IFOM_CAPABILITY";
	case IKE_NOTIFY_GROUP_SENDER:
		return "GROUP_SENDER";
	case IKE_NOTIFY_IKEV2_FRAGMENTATION_SUPPORTED:
		return "IKEV2_FRAGMENTATION_SUPPORTED";
	case IKE_NOTIFY_SIGNATURE_HASH_ALGORITHMS:
		return "SIGNATURE_HASH_ALGORITHMS";
	case IKE_NOTIFY_CLONE_IKE_SA_SUPPORTED:
		return "CLONE_IKE_SA_SUPPORTED";
	case IKE_NOTIFY_CLONE_IKE_SA:
		return "CLONE_IKE_SA";
	case IKE_NOTIFY_PUZZLE:
		return "PUZZLE";
	case IKE_NOTIFY_USE_PPK:
		return "USE_PPK";
	case IKE_NOTIFY_PPK_IDENTITY:
		return "PPK_IDENTITY";
	case IKE_NOTIFY_NO_PPK_AUTH:
		return "NO_PPK_AUTH";
	case IKE_NOTIFY_INTERMEDIATE_EXCHANGE_SUPPORTED:
		return "INTERMEDIATE_EXCHANGE_SUPPORTED";
	case IKE_NOTIFY_IP4_ALLOWED:
		return "IP4_ALLOWED";
	case IKE_NOTIFY_IP6_ALLOWED:
		return "IP6_ALLOWED";
	case IKE_NOTIFY_ADDITIONAL_KEY_EXCHANGE:
		return "ADDITIONAL_KEY_EXCHANGE";
	case IKE_NOTIFY_USE_AGGFRAG:
		return "USE_AGGFRAG";
	case IKE_NOTIFY_SUPPORTED_AUTH_METHODS:
		return "SUPPORTED_AUTH_METHODS";
	case IKE_NOTIFY_SA_RESOURCE_INFO:
		return "SA_RESOURCE_INFO";
	case IKE_NOTIFY_USE_PPK_INT:
		return "USE_PPK_INT";
	case IKE_NOTIFY_PPK_IDENTITY_KEY:
		return "PPK_IDENTITY_KEY";
	}
	return NULL;
}

static const char *text(char buf[IKE_NAME_LEN], const char *name, const char *kind,
			unsigned int number)
{
	if (name)
		snprintf(buf, IKE_NAME_LEN, "%s", name);
	else
		snprintf(buf, IKE_NAME_LEN, "%s %u", kind, number);
	return buf;
}

/**
 * ike_exchange_text() - Name an exchange.
 * @buf: where to
 * @exchange: enum ike_exchange, or any other number
 *
 * Return: @buf, with a number where there is no name.
 */
const char *ike_exchange_text(char buf[IKE_NAME_LEN], uint8_t exchange)
{
	return text(buf, exchange_name(exchange), "exchange", exchange);
}

/**
 * ike_payload_text() - Name a payload as RFC 7296 section 3.2 denotes it.
 * @buf: where to
 * @type: enum ike_payload_type, or any other number
 *
 * Return: @buf, with a number where there is no name.
 */
const char *ike_payload_text(char buf[IKE_NAME_LEN], uint8_t type)
{
	return text(buf, payload_name(type), "payload", type);
}

/**
 * ike_notify_text() - Name a notification.
 * @buf: where to
 * @type: enum ike_notify_type, or any other number
 *
 * Return: @buf, with a number where there is no name.
 */
const char *ike_notify_text(char buf[IKE_NAME_LEN], uint16_t type)
{
	return text(buf, notify_name(type), ike_notify_is_error(type) ? "error" : "status", type);
}

/**
 * ike_notify_is_error() - Tell whether a notification says that a request failed.
 * @type: enum ike_notify_type, or any other number: RFC 7296 section 3.10.1 has a
 *	range for errors that are not known
 */
bool ike_notify_is_error(uint16_t type)
{
	return type < IKE_NOTIFY_STATUS;
}
