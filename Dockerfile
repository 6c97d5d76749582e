# What docker-compose.yml runs: `misfire` (the API, and the page) and `posthog-local`.

# --- the two servers ---
FROM rust:1.95-bookworm AS servers
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/target \
    CARGO_TARGET_DIR=/target cargo build --locked --release -p misfire -p posthog-local \
    && install -D -t /out /target/release/misfire /target/release/posthog-local

# --- the page ---
FROM rust:1.95-bookworm AS page
WORKDIR /src
ENV MISFIRE_CACHE=/opt/misfire CARGO_TARGET_DIR=/target
# The tools depend on these files alone, so a change of the code does not download them again.
COPY Cargo.toml Cargo.lock ./
COPY scripts/env scripts/setup scripts/
RUN --mount=type=cache,target=/usr/local/cargo/registry scripts/setup dev
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/target \
    scripts/build-page && cp -r frontend/dist /out

# --- what is shipped ---
FROM debian:bookworm-slim AS misfire
COPY --from=servers /out/misfire /usr/local/bin/
COPY --from=page /out /srv/page
# A new volume gets its owner and mode from this folder.
RUN install -d -o 10001 -g 10001 -m 700 /data
USER 10001:10001
ENV TRAINING_DATA=/data/training_data.jsonl WEB_ROOT=/srv/page
ENTRYPOINT ["misfire"]
CMD ["serve"]

FROM debian:bookworm-slim AS posthog-local
COPY --from=servers /out/posthog-local /usr/local/bin/
USER 10001:10001
ENTRYPOINT ["posthog-local"]
