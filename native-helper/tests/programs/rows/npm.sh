# title: npm install, with a postinstall script
# needs: npm
echo '{"name": "app", "version": "1.0.0", "dependencies": {"left": "1.0.0"}}' >package.json
npm install --no-audit --no-fund --no-update-notifier --fetch-retries=0 --cache "$PWD/cache" --registry "https://$HOST/npm/" >log 2>&1 || { tail -n 3 log >&2; exit 1; }
node -p 'require("left")("npm")'
cat node_modules/left/built
