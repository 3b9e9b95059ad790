/*
 * cancel_time.c
 *		How long a server takes to give up a query that is stuck.
 *
 * cancel_time CONNINFO QUERY MODE DELAY_MS ROUNDS [PID SIGNAL]
 * starts QUERY, interrupts it after DELAY_MS by MODE (cancel, terminate,
 * timeout: the server's statement_timeout, none, kill: SIGNAL to PID) and
 * prints for each round the milliseconds from then until the error is here,
 * and its SQLSTATE.  cc -o cancel_time cancel_time.c -lpq
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libpq-fe.h>

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static PGconn *
connect_or_die(const char *conninfo)
{
	PGconn	   *connection = PQconnectdb(conninfo);

	if (PQstatus(connection) != CONNECTION_OK)
	{
		fprintf(stderr, "%s", PQerrorMessage(connection));
		exit(1);
	}
	return connection;
}

/* Reads until the query is over; the SQLSTATE of its end. */
static const char *
wait_for_end(PGconn *connection, char *state)
{
	PGresult   *result;

	strcpy(state, "gone");
	for (;;)
	{
		struct pollfd waited = {PQsocket(connection), POLLIN, 0};

		while (PQisBusy(connection))
		{
			if (poll(&waited, 1, 30000) <= 0)
				return strcpy(state, "late");
			if (!PQconsumeInput(connection))
				break;
		}
		result = PQgetResult(connection);
		if (result == NULL)
			return state;
		if (PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL)
			strcpy(state, PQresultErrorField(result, PG_DIAG_SQLSTATE));
		else if (PQresultStatus(result) == PGRES_TUPLES_OK)
			strcpy(state, "ok");
		PQclear(result);
	}
}

int
main(int argc, char **argv)
{
	const char *conninfo = argv[1];
	const char *query = argv[2];
	const char *mode = argc > 5 ? argv[3] : "";
	int			delay = argc > 5 ? atoi(argv[4]) : 0;
	int			rounds = argc > 5 ? atoi(argv[5]) : 0;
	PGconn	   *connection = connect_or_die(conninfo);
	PGconn	   *control = connect_or_die(conninfo);

	for (int i = 0; i < rounds; i++)
	{
		char		command[200];
		char		state[16];
		double		start;

		if (strcmp(mode, "timeout") == 0)
		{
			snprintf(command, sizeof(command), "SET statement_timeout = %d", delay);
			PQclear(PQexec(connection, command));
		}
		start = now_ms();
		if (!PQsendQuery(connection, query))
			return 1;
		if (strcmp(mode, "timeout") == 0)
			start += delay;
		else if (strcmp(mode, "none") != 0)
		{
			usleep(delay * 1000);
			if (strcmp(mode, "cancel") == 0)
			{
				/* its own connection to the postmaster is not what is measured */
				snprintf(command, sizeof(command), "SELECT pg_cancel_backend(%d)",
						 PQbackendPID(connection));
				start = now_ms();
				PQclear(PQexec(control, command));
			}
			else if (strcmp(mode, "terminate") == 0)
			{
				snprintf(command, sizeof(command), "SELECT pg_terminate_backend(%d)",
						 PQbackendPID(connection));
				start = now_ms();
				PQclear(PQexec(control, command));
			}
			else
			{
				start = now_ms();
				kill(atoi(argv[6]), atoi(argv[7]));
			}
		}
		wait_for_end(connection, state);
		printf("%.2f %s\n", now_ms() - start, state);
		if (PQstatus(connection) != CONNECTION_OK && i + 1 < rounds)
		{
			PQfinish(connection);
			connection = connect_or_die(conninfo);
		}
	}
	return 0;
}
