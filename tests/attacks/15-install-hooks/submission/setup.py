import subprocess
subprocess.run(["node", "hook.cjs", "setup.py"])
