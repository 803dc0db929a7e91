# title: git clone over ssh
# needs: git ssh sshd
# server: sshd
install -m 600 "$DATA/client-key" key || exit 1
export GIT_SSH_COMMAND="ssh -F none -i $PWD/key -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=$PWD/known -o ConnectTimeout=10 -o LogLevel=ERROR"
git clone -q "ssh://root@$HOST$GIT/project.git" project || exit 1
cd project && git log -1 --format='%s' && ls | wc -l
