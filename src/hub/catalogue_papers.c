/*
 * catalogue_papers.c
 *		The tables daily_papers and papers.
 *
 * An entry of a daily list holds the paper and, beside it, facts of its being
 * on the list.  Both call a time publishedAt: within the paper it is the
 * paper's own publication, beside it the submission to the list.
 */
#include <stddef.h>

#include "hub/catalogue_parts.h"

/* Fields of a paper that stands at PLACE ("paper." or "") in the entry. */
#define PAPER_FIELDS(place) \
	{.name = "summary", .type = HUB_TEXT, .path = place "summary", \
	 .sources = HUB_DEFAULT, .comment = "Abstract"}, \
	{.name = "authors", .type = HUB_TEXT_ARRAY, .path = place "authors[].name", \
	 .sources = HUB_DEFAULT, .comment = "Names of the authors, in order"}, \
	{.name = "author_details", .type = HUB_JSONB, .path = place "authors", \
	 .sources = HUB_DEFAULT, \
	 .comment = "Authors with their accounts and the status of the claim"}, \
	{.name = "upvotes", .type = HUB_BIGINT, .path = place "upvotes", \
	 .sources = HUB_DEFAULT, .unit = "upvotes", .comment = "Upvotes by users"}, \
	{.name = "published_at", .type = HUB_TIMESTAMPTZ, .path = place "publishedAt", \
	 .sources = HUB_DEFAULT, .comment = "Publication of the paper (arXiv)"}, \
	{.name = "submitted_on_daily_at", .type = HUB_TIMESTAMPTZ, \
	 .path = place "submittedOnDailyAt", .sources = HUB_DEFAULT, \
	 .comment = "Day of the daily list that it was submitted to"}, \
	{.name = "discussion_id", .type = HUB_TEXT, .path = place "discussionId", \
	 .sources = HUB_DEFAULT, .comment = "Discussion of the paper on the Hub"}, \
	{.name = "project_page", .type = HUB_TEXT, .path = place "projectPage", \
	 .sources = HUB_DEFAULT, .comment = "Address of the project"}, \
	{.name = "github_repo", .type = HUB_TEXT, .path = place "githubRepo", \
	 .sources = HUB_DEFAULT, .comment = "Address of the code on GitHub"}, \
	{.name = "github_repo_added_by", .type = HUB_TEXT, \
	 .path = place "githubRepoAddedBy", .sources = HUB_DEFAULT, \
	 .comment = "user or auto"}, \
	{.name = "github_stars", .type = HUB_BIGINT, .path = place "githubStars", \
	 .sources = HUB_DEFAULT, .unit = "stars", \
	 .comment = "Stars of that code when the Hub last looked"}, \
	{.name = "ai_summary", .type = HUB_TEXT, .path = place "ai_summary", \
	 .sources = HUB_DEFAULT, .comment = "One sentence written by a language model"}, \
	{.name = "ai_keywords", .type = HUB_TEXT_ARRAY, .path = place "ai_keywords", \
	 .sources = HUB_DEFAULT, .comment = "Key words found by a language model"}, \
	{.name = "ai_summary_model", .type = HUB_TEXT, \
	 .path = place "ai_summary_model", .sources = HUB_DEFAULT, \
	 .comment = "That language model"}, \
	{.name = "withdrawn_at", .type = HUB_TIMESTAMPTZ, .path = place "withdrawnAt", \
	 .sources = HUB_DEFAULT, .comment = "When it was withdrawn, if it was"}, \
	{.name = "submitted_on_daily_by", .type = HUB_JSONB, \
	 .path = place "submittedOnDailyBy", .sources = HUB_DEFAULT, \
	 .comment = "Account that submitted it to the daily list"}

static const HubColumn daily_papers_columns[] = {
	{.name = "list_date", .type = HUB_DATE, .role = HUB_INPUT,
		.push = HUB_PUSH_DATE, .param = "date",
	.comment = "Input: the list of this day; a closed range asks day by day"},
	{.name = "submitter", .type = HUB_TEXT, .role = HUB_INPUT,
		.push = HUB_PUSH_EQUAL, .param = "submitter",
	.comment = "Input: only what this user submitted, by the Hub's own index"},
	{.name = "id", .type = HUB_TEXT, .path = "paper.id", .sources = HUB_DEFAULT,
	.comment = "Number of the paper on arXiv"},
	{.name = "title", .type = HUB_TEXT, .path = "title|paper.title",
	.sources = HUB_DEFAULT, .comment = "Title"},
	PAPER_FIELDS("paper."),
	{.name = "listed_at", .type = HUB_TIMESTAMPTZ, .path = "publishedAt",
		.sources = HUB_DEFAULT,
	.comment = "Submission to the daily list (not the publication of the paper)"},
	{.name = "submitted_by", .type = HUB_TEXT,
		.path = "submittedBy.name|submittedBy.user", .sources = HUB_DEFAULT,
	.comment = "Login of who submitted it"},
	{.name = "submitter_details", .type = HUB_JSONB, .path = "submittedBy",
	.sources = HUB_DEFAULT, .comment = "The submitter's account"},
	{.name = "organization", .type = HUB_TEXT,
		.path = "organization.name|paper.organization.name",
		.sources = HUB_DEFAULT,
	.comment = "Organization on the Hub that the paper is from"},
	{.name = "organization_fullname", .type = HUB_TEXT,
		.path = "organization.fullname|paper.organization.fullname",
	.sources = HUB_DEFAULT, .comment = "Its name as shown"},
	{.name = "organization_details", .type = HUB_JSONB,
		.path = "organization|paper.organization", .sources = HUB_DEFAULT,
	.comment = "All that the entry says of it"},
	{.name = "num_comments", .type = HUB_BIGINT, .path = "numComments",
		.sources = HUB_DEFAULT, .unit = "comments",
	.comment = "Comments in its discussion"},
	{.name = "thumbnail", .type = HUB_TEXT, .path = "thumbnail",
	.sources = HUB_DEFAULT, .comment = "Address of a picture"},
	{.name = "media_urls", .type = HUB_TEXT_ARRAY,
		.path = "mediaUrls|paper.mediaUrls", .sources = HUB_DEFAULT,
	.comment = "Addresses of pictures and films"},
	{.name = "is_author_participating", .type = HUB_BOOLEAN,
		.path = "isAuthorParticipating", .sources = HUB_DEFAULT,
	.comment = "An author takes part in the discussion"},
	HUB_ITEM_COLUMN,
	{.name = NULL}
};

const HubTable hub_daily_papers = {
	.name = "daily_papers",
	.comment = "Papers on the Hub's daily lists, from 2023-05-04",
	.list_path = "/api/daily_papers",
	.paging = HUB_PAGE_NUMBER,
	.expand = HUB_EXPAND_NONE,
	.limit_param = "limit",
	.page_max = 100,
	.identity = "id",
	.rows_estimate = 20000,
	.columns = daily_papers_columns
};

static const HubColumn papers_columns[] = {
	{.name = "id", .type = HUB_TEXT, .path = "id", .sources = HUB_DEFAULT,
	.push = HUB_PUSH_ID, .comment = "Number of the paper on arXiv"},
	{.name = "title", .type = HUB_TEXT, .path = "title",
	.sources = HUB_DEFAULT, .comment = "Title"},
	PAPER_FIELDS(""),
	{.name = "organization", .type = HUB_TEXT, .path = "organization.name",
		.sources = HUB_DEFAULT,
	.comment = "Organization on the Hub that the paper is from"},
	{.name = "organization_details", .type = HUB_JSONB, .path = "organization",
	.sources = HUB_DEFAULT, .comment = "All that the entry says of it"},
	{.name = "thumbnail", .type = HUB_TEXT, .path = "thumbnailUrl",
	.sources = HUB_DEFAULT, .comment = "Address of a picture"},
	{.name = "media_urls", .type = HUB_TEXT_ARRAY, .path = "mediaUrls",
	.sources = HUB_DEFAULT, .comment = "Addresses of pictures and films"},
	{.name = "num_total_models", .type = HUB_BIGINT, .path = "numTotalModels",
		.sources = HUB_ONE_DEFAULT, .unit = "models",
	.comment = "Models that cite it (only with id)"},
	{.name = "num_total_datasets", .type = HUB_BIGINT, .path = "numTotalDatasets",
		.sources = HUB_ONE_DEFAULT, .unit = "datasets",
	.comment = "Datasets that cite it (only with id)"},
	{.name = "num_total_spaces", .type = HUB_BIGINT, .path = "numTotalSpaces",
		.sources = HUB_ONE_DEFAULT, .unit = "spaces",
	.comment = "Spaces that cite it (only with id)"},
	{.name = "linked_models", .type = HUB_JSONB, .path = "linkedModels",
		.sources = HUB_ONE_DEFAULT,
	.comment = "First of these models (only with id)"},
	{.name = "linked_datasets", .type = HUB_JSONB, .path = "linkedDatasets",
		.sources = HUB_ONE_DEFAULT,
	.comment = "First of these datasets (only with id)"},
	{.name = "linked_spaces", .type = HUB_JSONB, .path = "linkedSpaces",
		.sources = HUB_ONE_DEFAULT,
	.comment = "First of these spaces (only with id)"},
	HUB_ITEM_COLUMN,
	HUB_CURSOR_COLUMNS,
	{.name = NULL}
};

const HubTable hub_papers = {
	.name = "papers",
	.comment = "Papers known to the Hub, by publication",
	.list_path = "/api/papers",
	.one_path = "/api/papers/{id}",
	.paging = HUB_PAGE_LINK,
	.expand = HUB_EXPAND_NONE,
	.limit_param = "limit",
	.page_max = 50,
	.identity = "id",
	.rows_estimate = 100000,
	.columns = papers_columns
};
