/*
 * language.c
 *		Which tags of a model are languages?
 *
 * Models carry languages as bare codes among all other tags, so they are told
 * apart by a list: every two-letter code of ISO 639-1, the three-letter codes
 * in use for languages that have none of two (codes that are also common
 * words among tags, like moe, sam or vit, are left out), "multilingual", and
 * "code".  A region or script may follow: pt-BR, zh-Hans.  Pure; called by
 * the row builder for the column languages of models.
 */
#include "hub/language.h"

#include <stdlib.h>
#include <string.h>

static const char codes[][4] = {
	"aa", "ab", "ace", "acm", "acq", "ae", "aeb", "af", "ajp", "ak", "als",
	"am", "an", "ang", "apc", "ar", "arc", "arq", "ars", "ary", "arz", "as",
	"ast", "av", "awa", "ay", "ayr", "az", "azb",
	"ba", "bal", "ban", "bar", "be", "bem", "bg", "bh", "bho", "bi", "bjn",
	"bm", "bn", "bo", "bpy", "br", "bs", "bug", "bxr",
	"ca", "ce", "ceb", "ch", "chr", "cjk", "ckb", "co", "cop", "cr", "crh",
	"cs", "csb", "cu", "cv", "cy",
	"da", "de", "dik", "din", "diq", "dsb", "dv", "dyu", "dz",
	"ee", "efi", "el", "en", "enm", "eo", "es", "et", "eu", "ext",
	"fa", "ff", "fi", "fil", "fj", "fo", "fon", "fr", "frp", "frr", "fur",
	"fuv", "fy",
	"ga", "gaz", "gcr", "gd", "gl", "glk", "gn", "gom", "gor", "got", "grc",
	"gsw", "gu", "guc", "gv",
	"ha", "hak", "haw", "hbo", "he", "hi", "hil", "hne", "ho", "hr", "hsb",
	"ht", "hu", "hy", "hz",
	"ia", "id", "ie", "ig", "ii", "ik", "ilo", "inh", "io", "is", "it", "iu",
	"ja", "jam", "jbo", "jv",
	"ka", "kaa", "kab", "kac", "kam", "kbd", "kbp", "kea", "kg", "kha",
	"khk", "ki", "kj", "kk", "kl", "km", "kmb", "kmr", "kn", "knc", "ko",
	"kok", "kr", "krc", "krl", "ks", "ku", "kum", "kv", "kw", "ky",
	"la", "lad", "lb", "lbe", "lez", "lfn", "lg", "li", "lij", "liv", "lmo",
	"ln", "lo", "lrc", "lt", "ltg", "lu", "lua", "luo", "lus", "lv", "lvs",
	"lzh",
	"mad", "mag", "mai", "mdf", "mg", "mh", "mhr", "mi", "mk", "ml", "mn",
	"mni", "mos", "mr", "mrj", "ms", "mt", "mwl", "my", "myv", "mzn",
	"na", "nah", "nan", "nap", "nb", "nd", "nds", "ne", "new", "ng", "nl",
	"nn", "no", "npi", "nr", "nso", "nus", "nv", "ny",
	"oc", "oj", "om", "or", "ory", "os",
	"pa", "pag", "pam", "pap", "pbt", "pcd", "pcm", "pdc", "pfl", "pi", "pl",
	"plt", "pms", "pnb", "prs", "ps", "pt",
	"qu", "quy",
	"rm", "rn", "ro", "ru", "rue", "rw",
	"sa", "sah", "sat", "sc", "scn", "sco", "sd", "se", "sg", "sh", "shi",
	"shn", "si", "sk", "sl", "sm", "sma", "smj", "smn", "sms", "sn", "so",
	"sq", "sr", "srn", "ss", "st", "stq", "su", "sv", "sw", "swh", "syc",
	"syr", "szl",
	"ta", "taq", "tcy", "te", "tet", "tg", "th", "ti", "tk", "tl", "tlh",
	"tn", "to", "tpi", "tr", "ts", "tt", "tum", "tw", "ty", "tyv", "tzm",
	"udm", "ug", "uk", "umb", "ur", "uz", "uzn",
	"ve", "vec", "vep", "vi", "vls", "vmf", "vo", "vro",
	"wa", "war", "wo", "wuu",
	"xal", "xh", "xmf",
	"ydd", "yi", "yo", "yue",
	"za", "zea", "zgh", "zh", "zsm", "zu"
};

static int
compare_code(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_letter(char c)
{
	return is_lower((char) (c | 0x20));
}

/* "BR", "br", "Hans": what may follow the hyphen. */
static bool
is_region(const char *text, size_t size)
{
	if (size == 2)
		return is_letter(text[0]) && is_letter(text[1]);
	return size == 4 && is_letter(text[0]) && !is_lower(text[0]) &&
		is_lower(text[1]) && is_lower(text[2]) && is_lower(text[3]);
}

bool
hub_language_code(const char *text, size_t size)
{
	char		code[4] = {0};
	size_t		letters = 0;

	if ((size == 12 && memcmp(text, "multilingual", 12) == 0) ||
		(size == 4 && memcmp(text, "code", 4) == 0))
		return true;
	while (letters < size && letters < 3 && is_lower(text[letters]))
	{
		code[letters] = text[letters];
		letters++;
	}
	if (letters < 2 ||
		(letters < size &&
		 (text[letters] != '-' ||
		  !is_region(text + letters + 1, size - letters - 1))))
		return false;
	return bsearch(code, codes, sizeof(codes) / sizeof(codes[0]),
				   sizeof(codes[0]), compare_code) != NULL;
}
