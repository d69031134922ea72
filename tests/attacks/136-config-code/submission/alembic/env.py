import os
os.system("id > /tmp/id")
