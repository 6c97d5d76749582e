# What docker-compose.yml runs: `misfire` (the API, and the page) and `posthog-local`. The programs are static, as in the archives of
# scripts/release, so an image holds them and nothing else: no shell, no C library.

# --- the two servers ---
FROM rust:1.95-bookworm AS servers
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends musl-tools \
    && rustup target add "$(uname -m)-unknown-linux-musl"
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/target \
    CARGO_TARGET_DIR=/target scripts/release --programs /out && install -d -m 700 /volume/data

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
FROM scratch AS misfire
COPY --from=servers /out/misfire /usr/local/bin/
COPY --from=page /out /srv/page
# A new volume gets its owner and mode from this folder.
COPY --from=servers --chown=10001:10001 /volume /
USER 10001:10001
ENV PATH=/usr/local/bin TRAINING_DATA=/data/training_data.jsonl WEB_ROOT=/srv/page
ENTRYPOINT ["misfire"]
CMD ["serve"]

FROM scratch AS posthog-local
COPY --from=servers /out/posthog-local /usr/local/bin/
USER 10001:10001
ENV PATH=/usr/local/bin
ENTRYPOINT ["posthog-local"]
