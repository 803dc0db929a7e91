# title: sudo fails with a message and an event that says why
# needs: sudo
# user: nobody
# differs: no new privileges
# event: "k":"refused".*"what":"privilege".*sudo
sudo -n id -u
