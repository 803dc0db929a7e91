# title: git clone over https
# needs: git
git clone -q "https://$HOST/git/project.git" project || exit 1
cd project && git log -1 --format='%s' && git rev-parse HEAD | wc -c && ls | wc -l && git fsck 2>&1 | tail -n 1
git -c protocol.version=0 ls-remote origin main | cut -f 2
