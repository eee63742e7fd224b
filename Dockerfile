# The portal's image: packages are installed in the first stage, the second runs them as an ordinary user.

FROM python:3.13-slim-bookworm AS packages
COPY requirements.txt /
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements.txt

FROM python:3.13-slim-bookworm
# What WeasyPrint needs to make PDF; script/setup asks for the same.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /portal --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0700 /var/lib/hubportal
COPY --from=packages /venv /venv
COPY . /portal
WORKDIR /portal
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=hubportal.settings
# Development settings are enough to collect files, and need no secret.
RUN python -m django collectstatic --noinput --verbosity 0 && python -m compileall -q /portal
USER portal
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.py", "hubportal.wsgi"]
