# title: npm ci from a lock file
# needs: npm
echo '{"name": "app", "version": "1.0.0", "dependencies": {"left": "1.0.0"}}' >package.json
cat >package-lock.json <<J
{"name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "app", "version": "1.0.0", "dependencies": {"left": "1.0.0"}},
 "node_modules/left": {"version": "1.0.0", "resolved": "https://$HOST/npm/left-1.0.0.tgz", "hasInstallScript": true}}}
J
npm ci --no-audit --no-fund --no-update-notifier --fetch-retries=0 --cache "$PWD/cache" --registry "https://$HOST/npm/" >log 2>&1 || { tail -n 3 log >&2; exit 1; }
node -p 'require("left")("npm ci")'
