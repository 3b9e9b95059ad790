# PostgreSQL with pghub. Build: docker build -t pghub .
# Run:   docker run -e POSTGRES_PASSWORD=... -p 5432:5432 pghub
ARG PG_MAJOR=17
FROM postgres:${PG_MAJOR}-bookworm AS build
ARG PG_MAJOR=17
RUN apt-get update \
	&& apt-get install -y --no-install-recommends gcc libc6-dev make libcurl4-openssl-dev libicu-dev postgresql-server-dev-${PG_MAJOR} \
	&& rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make -f Makefile PG_CONFIG=/usr/lib/postgresql/${PG_MAJOR}/bin/pg_config \
	&& make -f Makefile PG_CONFIG=/usr/lib/postgresql/${PG_MAJOR}/bin/pg_config DESTDIR=/out install

FROM postgres:${PG_MAJOR}-bookworm
RUN apt-get update \
	&& apt-get install -y --no-install-recommends ca-certificates libcurl4 \
	&& rm -rf /var/lib/apt/lists/*
COPY --from=build /out/usr/ /usr/
