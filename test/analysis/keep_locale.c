/*
 * keep_locale.c
 *		Loaded beside the sanitizer: p11-kit, which the server has by way of its
 *		LDAP library, frees a locale while the process exits and waits for ever
 *		on a lock that the sanitizer's start left taken.  A process that exits
 *		need not free it.
 */
#include <locale.h>

void
freelocale(locale_t dataset)
{
	(void) dataset;
}
