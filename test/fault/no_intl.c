/*
 * no_intl.c
 *		Preloaded: messages are not translated.
 *
 * Under a preloaded libasan the C library waits for ever for the lock of its
 * message catalogues when a server starts; without catalogues nobody asks for
 * that lock.  cc -shared -fPIC -o no_intl.so no_intl.c
 */
char *
bindtextdomain(const char *domain, const char *dir)
{
	return (char *) dir;
}

char *
bind_textdomain_codeset(const char *domain, const char *codeset)
{
	return (char *) codeset;
}

char *
textdomain(const char *domain)
{
	return (char *) domain;
}

char *
gettext(const char *text)
{
	return (char *) text;
}

char *
dgettext(const char *domain, const char *text)
{
	return (char *) text;
}

char *
dcgettext(const char *domain, const char *text, int category)
{
	return (char *) text;
}

char *
ngettext(const char *one, const char *many, unsigned long n)
{
	return (char *) (n == 1 ? one : many);
}

char *
dngettext(const char *domain, const char *one, const char *many, unsigned long n)
{
	return (char *) (n == 1 ? one : many);
}

char *
dcngettext(const char *domain, const char *one, const char *many, unsigned long n, int category)
{
	return (char *) (n == 1 ? one : many);
}
