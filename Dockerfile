# syntax=docker/dockerfile:1

# 1. The builder has torch, compiles the model and checks it against the original.
FROM python:3.11-slim AS builder
WORKDIR /src
RUN python -m venv /opt/build
COPY constraints.txt pyproject.toml README.md LICENSE NOTICE ./
# torch first and by its exact pin. Without a GPU, name the index of its CPU builds here: a tenth of the download.
ARG PIP_EXTRA_INDEX_URL
RUN /opt/build/bin/pip install --no-cache-dir --constraint constraints.txt torch
COPY kb kb
COPY index index
COPY bot bot
COPY evaluations evaluations
RUN /opt/build/bin/pip install --no-cache-dir --constraint constraints.txt ".[model]"
ENV TIERZERO_MODEL_DIR=/opt/models HF_HUB_OFFLINE=1
RUN /opt/build/bin/tierzero model build

# 2. The environment that serves: no torch, no compiler.
FROM python:3.11-slim AS environment
WORKDIR /src
RUN python -m venv /opt/tierzero
COPY constraints.txt pyproject.toml README.md LICENSE NOTICE ./
COPY kb kb
COPY index index
COPY bot bot
COPY evaluations evaluations
RUN /opt/tierzero/bin/pip install --no-cache-dir --constraint constraints.txt ".[postgres]"

# 3. What runs.
FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home tierzero
COPY --from=environment /opt/tierzero /opt/tierzero
COPY --from=builder /opt/models /opt/models
ENV PATH=/opt/tierzero/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TIERZERO_DATA=/data \
    TIERZERO_MODEL_DIR=/opt/models \
    TIERZERO_DEMO=false
USER tierzero
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["tierzero", "serve", "--host", "0.0.0.0", "--port", "8000"]
