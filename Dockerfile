# Two stages: pip and its leftovers stay behind in the first one.
FROM python:3.13-slim AS install
COPY requirements-run.lock .
RUN python -m venv /opt/parley \
 && /opt/parley/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements-run.lock

FROM python:3.13-slim
# libstdc++ is what the speech synthesizer's library asks for beyond the C library.
RUN apt-get -qq update \
 && apt-get -qq --yes --no-install-recommends install libstdc++6 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /srv/parley --shell /usr/sbin/nologin parley \
 && install --directory --owner=parley --group=parley --mode=0700 /data
COPY --from=install /opt/parley /opt/parley
WORKDIR /srv/parley
COPY app app
COPY personas personas
COPY twiml twiml
COPY migrations migrations
RUN /opt/parley/bin/python -m compileall -q app migrations

ENV PATH=/opt/parley/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/data
USER parley
VOLUME /data
EXPOSE 8000
# The start includes migrations and a warm-up of the speech on this machine.
HEALTHCHECK --interval=15s --timeout=3s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health', timeout=2)"]
STOPSIGNAL SIGTERM
# Exec form: the server itself is process 1 and hears SIGTERM, on which it drains.
CMD ["python", "-m", "app", "serve"]
