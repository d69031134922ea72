module assay/agent

go 1.24
