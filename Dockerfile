# Python and its Debian release are pinned; dependencies are locked with hashes.
FROM python:3.13.7-slim-trixie AS build
WORKDIR /src
RUN python3 -m venv /opt/connector
COPY requirements/run.lock requirements/run.lock
RUN /opt/connector/bin/python -m pip install --no-cache-dir --require-hashes \
    --disable-pip-version-check -r requirements/run.lock
COPY pyproject.toml README.md LICENSE ./
COPY connector connector
RUN /opt/connector/bin/python -m pip install --no-cache-dir --no-deps \
    --disable-pip-version-check --no-build-isolation .

FROM python:3.13.7-slim-trixie
RUN groupadd --system --gid 10001 connector \
    && useradd --system --uid 10001 --gid 10001 --home-dir /state connector \
    && install -d -o connector -g connector /state /mappings
COPY --from=build /opt/connector /opt/connector
COPY --chown=connector:connector mappings /mappings
ENV PATH=/opt/connector/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CONNECTOR_STATE=/state/connector.db \
    CONNECTOR_MAPPINGS=/mappings \
    CONNECTOR_HOST=0.0.0.0 \
    CONNECTOR_PORT=8080 \
    CONNECTOR_LOG_FORMAT=json
WORKDIR /state
USER 10001:10001
VOLUME /state
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['CONNECTOR_PORT']}/healthz\", timeout=4)"]
ENTRYPOINT ["connector"]
CMD ["serve"]
