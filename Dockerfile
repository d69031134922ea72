# The images of docker-compose.yml, on the Debian that the sandbox images stand on. FROM is another name of the same base,
# where debian:trixie-slim can't be pulled. npm's packages and Node come from this clone's node_modules (npm run images
# installs them), because a network may let npm work on the host and not in a build.
ARG FROM=debian:trixie-slim

# The queue's Redis. First, because the command line builds this stage alone where no Redis is installed.
FROM ${FROM} AS valkey
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends valkey-server \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /data && chown valkey:valkey /data
USER valkey
VOLUME /data
EXPOSE 6379
ENTRYPOINT ["valkey-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--dir", "/data", "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"]

# Packages that only development needs stay in this stage.
FROM ${FROM} AS packages
WORKDIR /assay
COPY package.json package-lock.json ./
COPY node_modules node_modules
COPY cli/without-dev-packages.mjs cli/
RUN node_modules/node/bin/node cli/without-dev-packages.mjs

FROM ${FROM} AS app
RUN groupadd --gid 10001 assay && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home assay \
 && mkdir -p /data && chown assay:assay /data \
 && ln -s /assay/node_modules/node/bin/node /usr/local/bin/node
WORKDIR /assay
COPY --from=packages /assay/node_modules node_modules
COPY package.json package-lock.json LICENSE ./
COPY core core
COPY cli cli
COPY server server
COPY worker worker
COPY examiner examiner
COPY sandbox-images sandbox-images
ENV ASSAY_DATA=/data
VOLUME /data

FROM app AS server
COPY exercises exercises
ENV HOST=0.0.0.0
USER assay
EXPOSE 4180
CMD ["node", "server/main.ts"]

# The worker, and the broker that makes boxes for it; only the broker holds the Docker socket, and has to be root for that.
FROM app AS worker
USER assay
CMD ["node", "worker/main.ts"]
