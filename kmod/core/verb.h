/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VPNHA_CORE_VERB_H
#define _VPNHA_CORE_VERB_H

/**
 * enum vpnha_verb - what an operation of a transaction does to its object
 * @VERB_NEW: make it; it must not exist
 * @VERB_SET: change it; it must exist
 * @VERB_DEL: remove it; it must exist
 */
enum vpnha_verb {
	VERB_NEW,
	VERB_SET,
	VERB_DEL,
};

#endif /* _VPNHA_CORE_VERB_H */
