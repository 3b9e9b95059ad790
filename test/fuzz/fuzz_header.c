/*
 * fuzz_header.c
 *		Headers that steer paging and waiting: slices stay within the value,
 *		numbers within what a wait may be.
 *
 * fuzz-sources: src/net/header.c src/net/url.c
 */
#include "fuzz.h"
#include "net/header.h"
#include "net/url.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *value = exact(data, size);
	const char *target;
	size_t		length;
	NetRate		rate = {-1, -1, -1, -1};
	int64_t		seconds = -1;

	if (net_link_next(value, size, &target, &length))
	{
		NetUrl		origin;
		const char *path;
		bool		foreign;

		CHECK(target >= value && target + length <= value + size);
		CHECK(net_url_parse("https://huggingface.co", 22, &origin));
		if (net_url_resolve(&origin, target, length, &path, &length, &foreign))
			CHECK(net_path_is_clean(path, length));
	}
	if (net_rate_limit(value, size, &rate))
		CHECK(rate.left >= -1 && rate.reset_s >= -1);
	if (net_rate_policy(value, size, &rate))
		CHECK(rate.limit >= -1 && rate.window_s >= -1);
	if (net_retry_after(value, size, 1780000000, &seconds))
		CHECK(seconds >= 0);
	(void) net_is_json(value, size);
	free(value);
	return 0;
}
