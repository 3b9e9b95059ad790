/*
 * distribution_numeric.h
 *		The key of a numeric without going through its text.
 */
#ifndef PGHUB_DISTRIBUTION_NUMERIC_H
#define PGHUB_DISTRIBUTION_NUMERIC_H

#include "postgres.h"

#include "fmgr.h"

typedef enum NumericKind
{
	NUMERIC_IS_INTEGER,			/* 0 … 2^63 - 1 */
	NUMERIC_IS_OTHER,			/* ask numeric_float8_no_overflow */
	NUMERIC_IS_NEGATIVE,
	NUMERIC_IS_SPECIAL			/* NaN or infinity */
} NumericKind;

extern NumericKind numeric_kind(const struct varlena *value, uint64 *integer);

#endif							/* PGHUB_DISTRIBUTION_NUMERIC_H */
