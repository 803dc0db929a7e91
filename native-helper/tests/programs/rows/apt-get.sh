# title: apt-get update and download
# needs: apt-get dpkg-scanpackages
mkdir -p etc lists/partial cache/archives/partial
echo "deb [trusted=yes] https://$HOST/debian ./" >etc/sources.list
: >status
A=(-o Dir::Etc::sourcelist="$PWD/etc/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$PWD/lists" -o Dir::State::status="$PWD/status"
    -o Dir::Cache="$PWD/cache" -o Acquire::https::CaInfo="$CA" -o APT::Sandbox::User= -o Acquire::Retries=0 -o Debug::NoLocking=1 -qq)
apt-get "${A[@]}" -o APT::Update::Error-Mode=any update >log 2>&1 && apt-get "${A[@]}" download left >>log 2>&1 || { tail -n 3 log >&2; exit 1; }
dpkg-deb -f left_1.0_all.deb Package Version
