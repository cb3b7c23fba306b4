#!/usr/bin/env python3
"""Follows a configuration of the console's HTTP API, with the standard library only.

    ZOOKIT_TOKEN=... follow_config.py http://127.0.0.1:8480 prod/shop/limits --instance py-1 --label zone=a

Prints the values at first and after every change, one JSON object a line. Keeps the last ones while the console or ZooKeeper is
away, and never goes back to older ones.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


def follow(console, namespace, token, instance, labels):
    """Yields the configuration each time it is another one."""
    query = urllib.parse.urlencode(
        {"instance": instance, "labels": ",".join(labels), "wait": "50s"})
    url = f"{console}/api/v1/config/{urllib.parse.quote(namespace)}?{query}"
    etag, pause = None, 1
    while True:
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        if etag:
            request.add_header("If-None-Match", etag)
        try:
            with urllib.request.urlopen(request, timeout=70) as response:
                etag, pause = response.headers["ETag"], 1
                yield json.load(response)
        except urllib.error.HTTPError as error:
            if error.code == 304:  # nothing new within the wait
                continue
            if error.code not in (404, 429, 503):
                raise
            print(f"{error.code}: {error.read().decode()}", file=sys.stderr)
            time.sleep(pause)
            pause = min(2 * pause, 30)
        except OSError as error:  # no connection: the last values stay
            print(error, file=sys.stderr)
            time.sleep(pause)
            pause = min(2 * pause, 30)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("console")
    parser.add_argument("namespace")
    parser.add_argument("--instance", default=f"py-{os.getpid()}")
    parser.add_argument("--label", action="append", default=[])
    given = parser.parse_args()
    token = os.environ.get("ZOOKIT_TOKEN") or sys.exit("ZOOKIT_TOKEN: nothing (expected: a token)")
    for config in follow(given.console, given.namespace, token, given.instance, given.label):
        print(json.dumps({"release": config["release"], "values": config["values"]}), flush=True)


if __name__ == "__main__":
    main()
