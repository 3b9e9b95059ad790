/*
 * distribution_tail.h
 *		Power laws in the tail of a distribution (Clauset, Shalizi, Newman 2009).
 *
 * Free of server headers.
 */
#ifndef PGHUB_DISTRIBUTION_TAIL_H
#define PGHUB_DISTRIBUTION_TAIL_H

#include "stats/distribution_measure.h"

typedef enum DistTailKind
{
	DIST_TAIL_AUTO,				/* discrete if all values of the tail are integers */
	DIST_TAIL_DISCRETE,
	DIST_TAIL_CONTINUOUS
} DistTailKind;

typedef enum DistTailResult
{
	DIST_TAIL_OK,
	DIST_TAIL_UNDEFINED,		/* fewer than two distinct values, or no finite fit */
	DIST_TAIL_NOT_INTEGER		/* discrete was asked for */
} DistTailResult;

typedef struct DistTail
{
	DistTailKind kind;
	double		xmin;			/* lower end; not read by dist_tail_fit */
	void		(*poll) (void); /* called now and then, may not return */
} DistTail;

typedef struct DistPowerLaw
{
	double		alpha;
	double		xmin;
	uint64_t	items;
	double		ks;
} DistPowerLaw;

typedef struct DistVuong
{
	double		log_ratio;		/* above zero speaks for the power law */
	double		z;
	double		p_value;
} DistVuong;

extern double dist_zeta(double s, double a, double *derivative);
extern DistTailResult dist_tail_alpha(DistTail *tail, const DistView *view, double *alpha);

/* logs has room for view->size */
extern DistTailResult dist_tail_fit(DistTail *tail, const DistView *view,
									DistPowerLaw *law, double *logs);
extern DistTailResult dist_tail_vuong(DistTail *tail, const DistView *view, DistVuong *vuong);

#endif							/* PGHUB_DISTRIBUTION_TAIL_H */
