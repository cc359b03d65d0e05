# One image for every service of compose.yaml: web, worker, beat, migrate.
FROM python:3.11-slim

# What WeasyPrint draws text with. The fonts are the project's own.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 --user-group --home-dir /srv/idp --no-create-home idp \
 && install --directory --owner idp --group idp --mode 700 /data

WORKDIR /srv/idp
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# The locked packages in a layer of their own: it changes only with the lock.
COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

COPY . .
RUN pip install --no-index --no-deps --no-build-isolation --editable . \
 && for catalogue in idp/translations/*/LC_MESSAGES/*.po; do \
      [ ! -e "$catalogue" ] || pybabel --quiet compile --input-file "$catalogue" --output-file "${catalogue%.po}.mo"; \
    done \
 && python -m compileall -q idp workers migrations

USER idp
ENV IDP_DATA_DIR=/data IDP_HOST=0.0.0.0 IDP_PORT=8000
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["python", "-m", "idp.serving.health"]

CMD ["gunicorn", "--config", "python:idp.serving.gunicorn_settings", "idp.wsgi:app"]
