# syntax=docker/dockerfile:1
# docs/DEPLOY.md says how it is used. The test of rule DP2 runs these very lines by hand, so paths in RUN are relative.

FROM node:24-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY tsconfig.json ./
COPY scripts scripts
COPY client client
COPY protocol protocol
COPY src src
COPY web web
RUN node_modules/.bin/bun scripts/web.ts
# Of bun the one file that runs; whatever the umask was here, the server's user may read all of it.
RUN mv node_modules/bun/bin/bun.exe bun \
  && rm -rf node_modules/bun node_modules/@oven node_modules/.bin \
  && mkdir data \
  && chmod -R a+rX .

FROM debian:trixie-slim
LABEL org.opencontainers.image.title="Rollcall" \
  org.opencontainers.image.description="Live attendance with a video classroom" \
  org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY --from=build /app/bun /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/protocol protocol
COPY --from=build /app/src src
COPY --from=build /app/web/static web/static
COPY --from=build /app/dist dist
# A new volume takes its owner from here.
COPY --from=build --chown=10001:10001 /app/data /data
# The root file system may be read-only: only /data is written.
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=3000 \
  ROLLCALL_DATA=/data \
  BUN_RUNTIME_TRANSPILER_CACHE_PATH=0
USER 10001:10001
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["/app/bun", "-e", "process.exit((await fetch(`http://127.0.0.1:${process.env.PORT}/health`)).ok ? 0 : 1)"]
# No shell and no npm in between: SIGTERM goes to the server itself.
ENTRYPOINT ["/app/bun", "src/main.ts"]
CMD ["serve"]
