# infobot in a container: `docker build -t infobot .`, then see deploy/compose.yaml.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock ./
RUN python3 -m venv /app/venv \
 && /app/venv/bin/python -m pip install --no-cache-dir --no-compile --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY intents intents
COPY bot bot
RUN /app/venv/bin/python -m pip install --no-cache-dir --no-compile --no-deps --no-build-isolation . \
 && /app/venv/bin/python -m pip uninstall --yes --quiet setuptools pip \
 && find /app/venv -type d -name tests -prune -exec rm -rf {} + \
 && find /app/venv -name '*.pyi' -delete \
 && find /app/venv -path '*/spellchecker/resources/*' ! -name en.json.gz -delete
# What is learned from the knowledge file is learned here once, so that a start takes no second.
COPY knowledge.yaml /app/
RUN cd /app && XDG_CACHE_HOME=/app/cache /app/venv/bin/infobot ask hello

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data infobot \
 && mkdir /data \
 && chown infobot:infobot /data
COPY --from=build /app /app
ENV PATH=/app/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/app/cache \
    HOST=0.0.0.0 \
    PORT=8080 \
    KNOWLEDGE=/app/knowledge.yaml \
    STATE_URL=sqlite:////data/infobot.db
USER infobot
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python3", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
CMD ["infobot", "serve"]
