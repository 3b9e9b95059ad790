/*
 * row_path.c
 *		Finds the values that the columns need in one walk through an item.
 *
 * The paths of the needed columns become a tree of keys.  row.c has each item
 * walked once: a member whose key is in the tree puts its value into a slot
 * or is walked in turn, every other is skipped unread.  Where a key comes
 * twice, the last wins.  The depth of the walk is that of the catalogue's
 * paths, not of the data.
 */
#include "postgres.h"

#include "hub/row_parts.h"

static RowKeys *
keys_new(void)
{
	RowKeys    *keys = palloc0(sizeof(RowKeys));

	keys->room = 8;
	keys->key = palloc(sizeof(RowKey) * keys->room);
	memset(keys->bucket, -1, sizeof(keys->bucket));
	return keys;
}

RowPaths *
row_paths_new(void)
{
	RowPaths   *paths = palloc0(sizeof(RowPaths));

	paths->root = keys_new();
	paths->whole = -1;
	paths->room = 16;
	paths->slot = palloc(sizeof(JsonSlice) * paths->room);
	return paths;
}

static inline unsigned
key_bucket(const char *name, size_t size)
{
	if (size == 0)
		return 0;
	return ((unsigned) size * 7 + (unsigned char) name[0] * 3 +
			(unsigned char) name[size - 1]) % ROW_BUCKETS;
}

/* The member NAME of KEYS, made if it is new. */
static RowKey *
key_for(RowKeys *keys, const char *name, size_t size)
{
	RowKey	   *key;
	unsigned	bucket = key_bucket(name, size);

	for (int i = keys->bucket[bucket]; i >= 0; i = keys->key[i].chain)
		if (keys->key[i].size == size && memcmp(keys->key[i].name, name, size) == 0)
			return &keys->key[i];
	if (keys->count == keys->room)
	{
		keys->room *= 2;
		keys->key = repalloc(keys->key, sizeof(RowKey) * keys->room);
	}
	key = &keys->key[keys->count];
	key->name = pnstrdup(name, size);
	key->size = size;
	key->slot = -1;
	key->chain = keys->bucket[bucket];
	key->keys = NULL;
	keys->bucket[bucket] = (int16) keys->count++;
	return key;
}

static int
slot_new(RowPaths *paths)
{
	if (paths->slots == paths->room)
	{
		paths->room *= 2;
		paths->slot = repalloc(paths->slot, sizeof(JsonSlice) * paths->room);
	}
	return paths->slots++;
}

/*
 * Reads one step of a path into NAME, with backslashes taken off; returns
 * what ended it: '.', '|', '[' or 0, and moves *PATH behind that.
 */
static char
read_step(const char **path, char *name, size_t *size)
{
	const char *p = *path;
	char		stop;

	*size = 0;
	for (; *p != '\0' && *p != '.' && *p != '|' && *p != '['; p++)
	{
		if (*p == '\\' && p[1] != '\0')
			p++;
		name[(*size)++] = *p;
	}
	stop = *p;
	if (stop == '[')
		p += 2;					/* "[]" */
	else if (stop != '\0')
		p++;
	*path = p;
	return stop;
}

/* Behind "[]": ".b.c" up to '|' or the end. */
static char **
read_element(const char **path, char *name)
{
	char	  **steps = palloc0(sizeof(char *) * 4);
	int			count = 0;
	char		stop = **path;

	if (stop != '\0')
		(*path)++;
	while (stop == '.')
	{
		size_t		size;

		if (count == 3)
			elog(ERROR, "path too deep in a hub table");
		stop = read_step(path, name, &size);
		steps[count++] = pnstrdup(name, size);
	}
	return steps;
}

/* Adds the choice at *PATH and moves behind it; returns whether more follow. */
static bool
add_choice(RowPaths *paths, const char **path, RowSource *source, char *name)
{
	RowKeys    *keys = paths->root;

	for (;;)
	{
		size_t		size;
		char		stop = read_step(path, name, &size);
		RowKey	   *key = key_for(keys, name, size);

		if (stop == '.')
		{
			if (key->keys == NULL)
				key->keys = keys_new();
			keys = key->keys;
			continue;
		}
		if (key->slot < 0)
			key->slot = (int16) slot_new(paths);
		if (source->choices == ROW_MAX_CHOICES)
			elog(ERROR, "too many choices in a path of a hub table");
		source->slot[source->choices++] = key->slot;
		if (stop == '[')
		{
			source->element = read_element(path, name);
			stop = (*path)[-1];
		}
		return stop == '|';
	}
}

void
row_paths_add(RowPaths *paths, const char *path, RowSource *source)
{
	char	   *name;

	memset(source, 0, sizeof(*source));
	if (path == NULL)
		return;
	if (*path == '\0')
	{
		if (paths->whole < 0)
			paths->whole = slot_new(paths);
		source->slot[source->choices++] = paths->whole;
		return;
	}
	name = palloc(strlen(path) + 1);
	while (add_choice(paths, &path, source, name))
		;
	pfree(name);
}

static inline RowKey *
find_key(const RowKeys *keys, JsonSlice spelled)
{
	if ((spelled.flags & JSON_ESCAPED) != 0)
	{
		for (int i = 0; i < keys->count; i++)
			if (json_key_is(spelled, keys->key[i].name, keys->key[i].size))
				return &keys->key[i];
		return NULL;
	}
	for (int i = keys->bucket[key_bucket(spelled.at, spelled.size)]; i >= 0;
		 i = keys->key[i].chain)
		if (keys->key[i].size == spelled.size &&
			memcmp(keys->key[i].name, spelled.at, spelled.size) == 0)
			return &keys->key[i];
	return NULL;
}

/* A key came again: what its earlier value gave is void. */
static void
forget(RowPaths *paths, const RowKeys *keys)
{
	for (int i = 0; i < keys->count; i++)
	{
		if (keys->key[i].slot >= 0)
			paths->slot[keys->key[i].slot].kind = JSON_ABSENT;
		if (keys->key[i].keys != NULL)
			forget(paths, keys->key[i].keys);
	}
}

/* Reads OBJECT to its end. */
static void
capture(RowPaths *paths, const RowKeys *keys, JsonCursor *object)
{
	JsonSlice	spelled;

	while (json_key(object, &spelled))
	{
		const RowKey *key = find_key(keys, spelled);
		JsonCursor	inner;
		JsonSlice	value;

		if (key != NULL && key->keys != NULL)
			forget(paths, key->keys);
		if (key != NULL && key->keys != NULL && json_open(object, &inner))
		{
			capture(paths, key->keys, &inner);
			value = json_close(object, &inner);
		}
		else if (!json_element(object, &value))
			return;
		if (key != NULL && key->slot >= 0)
			paths->slot[key->slot] = value;
	}
}

/* Takes the item that comes next; false: there is none. */
bool
row_paths_capture(RowPaths *paths, JsonCursor *items, JsonSlice *item)
{
	JsonCursor	object;

	for (int i = 0; i < paths->slots; i++)
		paths->slot[i].kind = JSON_ABSENT;
	if (json_open(items, &object))
	{
		capture(paths, paths->root, &object);
		*item = json_close(items, &object);
	}
	else if (!json_element(items, item))
		return false;
	if (paths->whole >= 0)
		paths->slot[paths->whole] = *item;
	return true;
}

JsonSlice
row_source_value(const RowPaths *paths, const RowSource *source)
{
	JsonSlice	value = {NULL, 0, JSON_ABSENT, 0};

	for (int i = 0; i < source->choices; i++)
	{
		value = paths->slot[source->slot[i]];
		if (value.kind > JSON_NULL)
			break;
	}
	return value;
}

JsonSlice
row_element_value(const RowSource *source, JsonSlice element)
{
	if (source->element != NULL)
		for (char **step = source->element; *step != NULL; step++)
			element = json_get(element, *step);
	return element;
}
