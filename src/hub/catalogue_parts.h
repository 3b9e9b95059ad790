/*
 * catalogue_parts.h
 *		What several entries of the catalogue share: sets of sources, input
 *		columns that are the same everywhere, and the entries' declarations.
 *
 * Only the catalogue's own files include it.
 */
#ifndef PGHUB_CATALOGUE_PARTS_H
#define PGHUB_CATALOGUE_PARTS_H

#include "hub/catalogue.h"

#define HUB_LISTED		(HUB_LIST_DEFAULT | HUB_LIST_EXPAND)
#define HUB_SINGLE		(HUB_ONE_DEFAULT | HUB_ONE_EXPAND)
#define HUB_ANYWHERE	(HUB_LISTED | HUB_SINGLE)
#define HUB_EXPANDED	(HUB_LIST_EXPAND | HUB_ONE_EXPAND)
#define HUB_DEFAULT		(HUB_LIST_DEFAULT | HUB_ONE_DEFAULT)

/* Text that becomes the parameter PARAM of lists. */
#define HUB_SEARCH_COLUMN(wire, text) \
	{.name = "search", .type = HUB_TEXT, .role = HUB_INPUT, \
	 .push = HUB_PUSH_EQUAL, .param = wire, .comment = text}

/* Page by page under the caller's control; tables with Link paging. */
#define HUB_CURSOR_COLUMNS \
	{.name = "page_cursor", .type = HUB_TEXT, .role = HUB_CURSOR, \
	 .push = HUB_PUSH_EQUAL, .param = "cursor", \
	 .comment = "Input: only the page that this cursor names; the empty text names the first"}, \
	{.name = "next_page_cursor", .type = HUB_TEXT, .role = HUB_NEXT_CURSOR, \
	 .comment = "Cursor of the page after this row's, with page_cursor; NULL on the last"}

/* The repository that a sub-resource belongs to. */
#define HUB_REPO_COLUMNS \
	{.name = "repo_id", .type = HUB_TEXT, .role = HUB_KEY, \
	 .push = HUB_PUSH_PATH, \
	 .comment = "Key: repository, namespace/name, as asked for"}, \
	{.name = "repo_type", .type = HUB_TEXT, .role = HUB_INPUT, \
	 .push = HUB_PUSH_PATH, .values = "model|dataset|space|kernel", \
	 .fallback = "model", \
	 .comment = "Input: model, dataset, space or kernel"}

#define HUB_REVISION_INPUT(preset) \
	{.name = "revision", .type = HUB_TEXT, .role = HUB_INPUT, \
	 .push = HUB_PUSH_PATH, .fallback = preset, \
	 .comment = "Input: branch, tag or commit"}

/* The whole item, where the API promises few of its fields. */
#define HUB_ITEM_COLUMN \
	{.name = "item", .type = HUB_JSONB, .path = "", .sources = HUB_ANYWHERE, \
	 .comment = "The whole entry as the Hub sent it"}

extern const HubTable hub_models;
extern const HubTable hub_model_details;

#endif							/* PGHUB_CATALOGUE_PARTS_H */
