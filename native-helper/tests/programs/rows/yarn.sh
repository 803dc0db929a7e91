# title: yarn install (1.x)
# needs: yarn
echo '{"name": "app", "version": "1.0.0", "license": "MIT", "dependencies": {"left": "1.0.0"}}' >package.json
yarn install --non-interactive --no-progress --network-timeout 5000 --cache-folder "$PWD/cache" --registry "https://$HOST/npm/" >log 2>&1 || { tail -n 3 log >&2; exit 1; }
node -p 'require("left")("yarn")'
cat node_modules/left/built
