// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * addr_mixed.c - addresses of two kinds that are mixed: it must not compile
 *
 * MIX says which mistake is in it, 0 none; tests/unit/monitor-core.mk tries each.
 */
#include "pgtable.h"

pa_t mixed(struct pgtable *t, ipa_t ipa, pa_t pa, uint64_t number);

pa_t mixed(struct pgtable *t, ipa_t ipa, pa_t pa, uint64_t number)
{
	pgtable_map(t, ipa, pa, number, PGTABLE_NORMAL);
#if MIX == 1
	pgtable_map(t, pa, ipa, number, PGTABLE_NORMAL);
#elif MIX == 2
	pgtable_unmap(t, number, PGTABLE_PAGE);
#elif MIX == 3
	pa = ipa;
#elif MIX == 4
	number = pa;
#elif MIX == 5
	pa = pa + number;
#elif MIX == 6
	arch_read32(number);
#endif
	return pa;
}
