# Moothall in a container: built from the locked packages, run as nobody in particular on a read-only file system.
FROM docker.io/library/python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/moothall \
 && python -m pip install --quiet uv \
 && python -m uv pip install --quiet --python /opt/moothall/bin/python --require-hashes --no-deps -r requirements/run.txt \
 && python tools/setup.py \
 && .venv/bin/python -m hatchling build -t wheel -d /wheel \
 && /opt/moothall/bin/python -m pip install --quiet --no-deps --no-index /wheel/*.whl

FROM docker.io/library/python:3.13-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --home-dir /var/lib/moothall --create-home --shell /usr/sbin/nologin moothall
COPY --from=build /opt/moothall /opt/moothall
ENV PATH=/opt/moothall/bin:$PATH MOOTHALL_HOME=/var/lib/moothall PYTHONDONTWRITEBYTECODE=1
USER 10001
VOLUME /var/lib/moothall
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
ENTRYPOINT ["moothall"]
CMD ["serve", "--host", "0.0.0.0"]
