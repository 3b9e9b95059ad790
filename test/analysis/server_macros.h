/*
 * What cppcheck has to know of the server's macros: it does not read the
 * server's headers, which it cannot digest.
 */
#include <stdlib.h>
#define ERROR 21
#define FATAL 22
#define PANIC 23
#define ereport(level, ...) do { if ((level) >= ERROR) abort(); } while (0)
#define elog(level, ...) do { if ((level) >= ERROR) abort(); } while (0)
#define ereturn(context, value, ...) do { (void) (context); return value; } while (0)
#define foreach(cell, list) for (ListCell *cell = list_head(list); cell != NULL; cell = lnext(list, cell))
#define foreach_current_index(cell) 0
#define PG_TRY() if (1) {
#define PG_CATCH() } else {
#define PG_FINALLY() } {
#define PG_END_TRY() }
#define PG_FUNCTION_INFO_V1(name) extern int name##_info
#define PG_MODULE_MAGIC extern int magic
#define PG_MODULE_MAGIC_EXT(...) extern int magic
#define PG_FUNCTION_ARGS FunctionCallInfo fcinfo
#define PG_RETURN_NULL() return 0
#define PGDLLEXPORT
#define FLEXIBLE_ARRAY_MEMBER
#define Assert(condition) ((void) 0)
#define StaticAssertDecl(condition, text) extern int static_assertion
#define UINT64CONST(x) (x##UL)
#define INT64CONST(x) (x##L)
#define pg_noreturn __attribute__((noreturn))
#define pg_attribute_noreturn() __attribute__((noreturn))
#define pg_attribute_printf(f, a)
#define pg_unreachable() abort()
